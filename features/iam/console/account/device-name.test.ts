import { expect, test } from 'vitest';
import { deviceName } from './device-name.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  ['Chrome', `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome 140, Linux'],
  [
    'Edge calls itself Chrome too',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
    'Edge 140, Windows',
  ],
  [
    'Android calls itself Linux too',
    `Mozilla/5.0 (Linux; Android 15) ${webkit} Chrome/139.0.0.0 Mobile Safari/537.36`,
    'Chrome 139, Android',
  ],
  [
    'Firefox',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:141.0) Gecko/20100101 Firefox/141.0',
    'Firefox 141, macOS',
  ],
  [
    'Safari',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari 18, macOS',
  ],
  ['kubectl', 'kubectl/v1.36.3 (linux/amd64) kubernetes/1a2b3c', 'kubectl 1.36, Linux'],
  ['a script of one’s own', 'nightly-report/2', 'nightly-report/2'],
  ['nothing', '', ''],
])('%s', (_why, userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});

import { expect, test } from 'vitest';
import { type NodeTaint, stayMs } from './tainted-stay.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');
const taint = (key: string, more: Partial<NodeTaint> = {}): NodeTaint => ({ key, effect: 'NoExecute', ...more });
const down = taint('down', { timeAdded: '2025-12-31T23:59:50Z' });

test.each([
  { why: 'no taint, no end', taints: [], tolerations: [], leftMs: undefined },
  { why: 'what is not tolerated ends it at once', taints: [down], tolerations: [], leftMs: 0 },
  {
    why: 'all taints must be tolerated',
    taints: [down, taint('slow')],
    tolerations: [{ key: 'down', operator: 'Exists' }],
    leftMs: 0,
  },
  { why: 'tolerated for good', taints: [down], tolerations: [{ key: 'down', operator: 'Exists' }], leftMs: undefined },
  {
    why: 'another value is another taint',
    taints: [taint('down', { value: 'a' })],
    tolerations: [{ key: 'down', value: 'b' }],
    leftMs: 0,
  },
  {
    why: 'another effect too',
    taints: [down],
    tolerations: [{ key: 'down', operator: 'Exists', effect: 'NoSchedule' }],
    leftMs: 0,
  },
  { why: 'everything tolerated', taints: [down], tolerations: [{ operator: 'Exists' }], leftMs: undefined },
  {
    why: 'for a while, from when the taint came',
    taints: [down],
    tolerations: [{ key: 'down', operator: 'Exists', tolerationSeconds: 30 }],
    leftMs: 20_000,
  },
  {
    why: 'the shortest counts',
    taints: [down],
    tolerations: [
      { operator: 'Exists', tolerationSeconds: 300 },
      { key: 'down', operator: 'Exists', tolerationSeconds: 30 },
    ],
    leftMs: 20_000,
  },
])('$why', ({ taints, tolerations, leftMs }) => {
  const untilMs = stayMs(taints, tolerations, nowMs);
  expect(untilMs === undefined ? undefined : untilMs - nowMs).toBe(leftMs);
});

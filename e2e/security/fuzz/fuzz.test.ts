import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzTarget } from '../../../cluster/fuzz/fuzz-target.ts';
import { targets } from './targets.ts';

const inputs = 120;

let platform: TestPlatform;
let token: string;
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  const session = await platform.signIn();
  ({ token } = session);
  // A token that was good, so that what is made of it is broken for one reason only.
  await session.call('DELETE', '/session');
}, 120_000);
afterAll(() => platform.stop());

const names = targets({ url: '' } as TestPlatform, '').map(({ name }) => name); // nothing is sent yet
it.each(names)('%s: refuses in words, whatever comes', { timeout: 120_000 }, async (name) => {
  const target = targets(platform, token).find((one) => one.name === name);
  if (!target) throw new Error(`there is no target ${name}`);
  expect(await fuzzTarget(target, 1, inputs)).toEqual([]);
});

// Fuzzes a whole platform for a while; says what it does and finds as cluster/fuzz/fuzz-process.ts does.
// usage: node --import tsx fuzz-process.ts SECONDS FIRST_SEED
import { writeSync } from 'node:fs';
import { startTestPlatform } from '@kit/testing';
import { fuzzTarget } from '../../../cluster/fuzz/fuzz-target.ts';
import { targets } from './targets.ts';

const [seconds = '60', firstSeed = '1'] = process.argv.slice(2);
const inputsAtOnce = 200;
const endMs = Date.now() + Number(seconds) * 1000;
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const platform = await startTestPlatform({ nodes: 0 });
const session = await platform.signIn();
await session.call('DELETE', '/session');
const all = targets(platform, session.token);
for (let seed = Number(firstSeed); Date.now() < endMs; seed++) {
  for (const target of all) {
    say({ doing: target.name, seed });
    for (const finding of await fuzzTarget(target, seed, inputsAtOnce)) say({ finding });
  }
  say({ done: inputsAtOnce * all.length, memoryMiB: Math.round(process.memoryUsage().rss / 2 ** 20) });
}
await platform.stop();

import type { Random } from './random.ts';

const maxBytes = 64 << 10;

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** Two places in order, with as much between them as chance will have. */
function span(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length + 1);
  return [from, from + random.below(Math.min(bytes.length - from, 64) + 1)];
}

const insert = (bytes: Buffer, at: number, what: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);

const interesting: readonly [string, ...string[]] = [
  '{',
  '[',
  '"',
  '\\u0000',
  '\u0000',
  '\\',
  ',',
  ':',
  '-1',
  '1e999',
  '9223372036854775808',
  'null',
  'true',
  '&a [*a]',
  '*a',
  '!!binary ',
  '? ',
  '- ',
  '\n',
  '\t',
  '%00',
  '%',
  '..',
  '/',
  '=',
  '!',
  ' in (',
  ')',
  '\uffff',
  '\u{1f600}',
  '__proto__',
  'constructor',
  'eyJhbGciOiJub25lIn0',
  '.',
];

const mutations: readonly [Mutation, ...Mutation[]] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
    return changed;
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    const at = random.below(changed.length || 1);
    if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  (bytes, random) => insert(bytes, random.below(bytes.length + 1), Buffer.from(random.of(interesting))),
  (bytes, random) =>
    insert(bytes, random.below(bytes.length + 1), Buffer.from([255, 255, 255, 255, random.below(256)])),
  (bytes, random) => {
    const [from, to] = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const [from, to] = span(bytes, random);
    const times = 2 ** random.below(13);
    return insert(bytes, to, Buffer.alloc((to - from) * times, bytes.subarray(from, to)));
  },
  (bytes, random, other) => {
    const [from, to] = span(other, random);
    return insert(bytes, random.below(bytes.length + 1), other.subarray(from, to));
  },
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))]),
];

/** A broken relative of one of the seeds, 64 KiB at most. */
export function mutateBytes(seeds: readonly [Buffer, ...Buffer[]], random: Random): Buffer {
  let bytes = random.of(seeds);
  for (let rounds = 1 + random.below(5); rounds > 0; rounds--) {
    bytes = random.of(mutations)(bytes, random, random.of(seeds)).subarray(0, maxBytes);
  }
  return bytes;
}

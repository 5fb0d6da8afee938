import fc from 'fast-check';
import { expect, it } from 'vitest';
import { watchLines } from './watch-lines.ts';

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const size of sizes) yield bytes.subarray(start, (start += size));
  yield bytes.subarray(start);
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

it('gives the same lines however the bytes are cut', async () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify(text));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(7)), async (lines, sizes) => {
      const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
      expect(await collect(watchLines(chunksOf(bytes, sizes)))).toEqual(lines);
    }),
  );
});

it('does not give a line whose end never came', async () => {
  expect(await collect(watchLines(chunksOf(Buffer.from('"whole"\n{"half'), [3])))).toEqual(['"whole"']);
});

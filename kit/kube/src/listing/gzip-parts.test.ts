import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipParts, takesGzip } from './gzip-parts.ts';

describe('gzipParts', () => {
  it('unpacks, in a reader that checks lengths and sums, to the parts one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 12 }), (parts) => {
        const again = gzipParts(parts);
        expect(gunzipSync(Buffer.concat(gzipParts(parts)))).toEqual(Buffer.concat(parts));
        expect(Buffer.concat(again)).toEqual(Buffer.concat(gzipParts(parts)));
      }),
    );
  });

  it('is right about long texts', () => {
    const parts = Array.from({ length: 50 }, (_, at) =>
      Buffer.from(`{"at":${at},"text":"${'lorem ipsum '.repeat(at * 50)}"}`),
    );
    const packed = Buffer.concat(gzipParts(parts));
    expect(gunzipSync(packed).equals(Buffer.concat(parts))).toBe(true);
    expect(packed.length).toBeLessThan(Buffer.concat(parts).length / 20);
  });
});

describe('takesGzip', () => {
  const headers: readonly [header: string | undefined, takes: boolean, why: string][] = [
    [undefined, false, 'no header: nothing is compressed that was not asked for'],
    ['gzip', true, 'plainly'],
    ['deflate, gzip;q=0.5, br', true, 'among others'],
    ['gzip;q=0', false, 'refused by name'],
    ['gzip;q=0.0', false, 'refused, written longer'],
    ['*', true, 'anything'],
    ['identity', false, 'as it is'],
    ['x-gzip2', false, 'another name'],
  ];
  it.each(headers)('%s: %s, %s', (header, takes) => {
    expect(takesGzip(header)).toBe(takes);
  });
});

import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Joins two byte streams both ways, each end of input handed on by itself; resolves when both are done or one breaks. */
export async function splice(one: Duplex, other: Duplex): Promise<void> {
  one.pipe(other);
  other.pipe(one);
  const ends = [one, other].map((stream) => finished(stream));
  try {
    await Promise.all(ends);
  } catch {
    // a broken side takes the other with it
  } finally {
    one.destroy();
    other.destroy();
  }
  await Promise.allSettled(ends);
}

import type { Readable } from 'node:stream';

/** A piece of a container's output. */
export interface OutputChunk {
  readonly from: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

const headerBytes = 8;

/** Takes apart the frames in which an engine sends both outputs of a process: stream, three zeros, length, bytes. */
export async function* outputChunks(source: Readable, isTerminal: boolean): AsyncGenerator<OutputChunk> {
  let held: Buffer = Buffer.alloc(0);
  for await (const arrived of source) {
    const bytes = arrived as Buffer; // no encoding is set
    if (isTerminal) {
      yield { from: 'stdout', bytes };
      continue;
    }
    held = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
    while (held.length >= headerBytes) {
      const length = held.readUInt32BE(4);
      if (held.length < headerBytes + length) break;
      const from = held[0] === 2 ? 'stderr' : 'stdout';
      if (length > 0) yield { from, bytes: held.subarray(headerBytes, headerBytes + length) };
      held = held.subarray(headerBytes + length);
    }
  }
}

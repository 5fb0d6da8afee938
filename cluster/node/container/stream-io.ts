import type { Writable } from 'node:stream';
import { waitForRoom } from '../../streams/wait-for-room.ts';
import { type ByteOutput, nullOutput, PipeClosed } from '../shell/byte-io.ts';

/** A client's stream as a command's output; a slow client makes the command wait, one that has gone ends it. */
export function streamOutput(stream: Writable | undefined): ByteOutput {
  if (!stream) return nullOutput;
  return {
    write: async (bytes) => {
      if (stream.destroyed || stream.writableEnded) throw new PipeClosed('the client has gone');
      if (!stream.write(bytes)) await waitForRoom(stream);
    },
  };
}

/** What a terminal shows: every line feed also goes back to the start of the line. */
export function terminalOutput(output: ByteOutput): ByteOutput {
  return {
    write: (bytes) => {
      const text = typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : bytes.toString('latin1');
      return output.write(Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1'));
    },
  };
}

/** Resolves when all that was written has left. */
export function flushed(stream: Writable | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!stream || stream.destroyed || stream.writableLength === 0) return resolve();
    stream.once('close', resolve);
    stream.write(Buffer.alloc(0), () => resolve());
  });
}

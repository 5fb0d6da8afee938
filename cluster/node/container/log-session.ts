import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProcessSession } from '../../node-runtime.ts';

/** What attaching to a container shows that reads nothing: its log as it grows, until it ends or the client goes. */
export function logSession(follow: (signal: AbortSignal) => AsyncIterable<Uint8Array>): ProcessSession {
  return {
    run: async ({ stdin, stdout, signal }) => {
      stdin?.resume(); // nobody reads it
      const keepsOpen = new Writable({
        write: (chunk: Buffer, encoding, done) => void stdout?.write(chunk, encoding, done),
      });
      await pipeline(
        follow(signal),
        stdout ? keepsOpen : new Writable({ write: (_chunk, _encoding, done) => done() }),
      ).catch(
        () => undefined, // the client has gone
      );
      return { exitCode: 0 };
    },
  };
}

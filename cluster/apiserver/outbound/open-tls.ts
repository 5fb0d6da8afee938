import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';

/**
 * TLS over a connection that may still be opening. Rejects with what either of them says is wrong, or when `signal` is
 * aborted; the connection is then closed, also one that opens later.
 */
export function openTls(
  opening: Promise<Duplex>,
  options: ConnectionOptions,
  signal?: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    let socket: Duplex | undefined;
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', giveUp);
      socket?.destroy();
      reject(error);
    };
    const giveUp = (): void => fail(new Error('the connection is not wanted any more'));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp);
    opening.then((opened) => {
      socket = opened;
      if (signal?.aborted) return void opened.destroy();
      opened.on('error', fail); // also those that come later, which the TLS connection tells of
      const secure = connect({ ...options, socket: opened }, () => {
        signal?.removeEventListener('abort', giveUp);
        secure.off('error', fail);
        resolve(secure);
      });
      secure.once('error', fail);
    }, fail);
  });
}

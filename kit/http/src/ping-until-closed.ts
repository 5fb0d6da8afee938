import type { Clock } from '@kit/base';

/** What of a WebSocket is needed to keep it open. */
interface Pinged {
  ping(): void;
  terminate(): void;
  on(event: 'pong' | 'close', listener: () => void): unknown;
}

const everyMs = 20_000; // proxies commonly close what is silent for a minute

/** Pings until the socket closes; one that has not answered the last ping is gone. */
export function pingUntilClosed(socket: Pinged, clock: Clock): void {
  let answered = true;
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.after(everyMs, () => {
      if (!answered) return socket.terminate();
      answered = false;
      socket.ping();
      next();
    });
  };
  socket.on('pong', () => (answered = true));
  socket.on('close', () => cancel());
  next();
}

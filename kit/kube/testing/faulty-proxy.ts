import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy that does to connections what networks do. */
export interface FaultyProxy {
  readonly port: number;
  /** Resets every open connection, in the middle of whatever it carries. */
  reset(): void;
  /** Open connections stay open and carry nothing ever again, as when a machine in between loses its memory. */
  freeze(): void;
  /** While refused, new connections are closed as soon as they are made. */
  refuse(refused: boolean): void;
  close(): Promise<void>;
}

export async function startFaultyProxy(target: { readonly host: string; readonly port: number }): Promise<FaultyProxy> {
  const open = new Set<[net.Socket, net.Socket]>();
  let refused = false;

  const server = net.createServer((near) => {
    if (refused) return near.resetAndDestroy();
    const far = net.connect(target.port, target.host);
    const pair: [net.Socket, net.Socket] = [near, far];
    open.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        open.delete(pair);
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    reset() {
      for (const [near, far] of open) {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
    },
    freeze() {
      for (const [near, far] of open) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    refuse(now) {
      refused = now;
    },
    async close() {
      for (const sockets of open) for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

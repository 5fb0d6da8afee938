import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Carries connections from pods to a port of this machine's loopback, which they cannot reach themselves. */
export class LoopbackRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number) {
    this.#server = createServer((incoming) => {
      const outgoing = connect({ host: '127.0.0.1', port });
      this.#join(incoming, outgoing);
    });
  }

  /** Answers the port it listens on at `host`. */
  async listen(host: string): Promise<number> {
    this.#server.listen({ host, port: 0 });
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(a: Socket, b: Socket): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => this.#sockets.delete(one));
    }
    a.pipe(b).pipe(a);
  }
}

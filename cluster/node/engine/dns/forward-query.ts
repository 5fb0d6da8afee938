import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const patienceMs = 2_000;

function placeOf(upstream: string): { host: string; port: number } {
  const [host = '', port = '53'] = upstream.split('#');
  return { host, port: Number(port) };
}

function overUdp(query: Buffer, { host, port }: { host: string; port: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      socket.close();
      finish();
    };
    const timer = setTimeout(() => end(() => reject(new Error(`${host} does not answer`))), patienceMs);
    socket.on('error', (error) => end(() => reject(error)));
    // Connected: what others send does not arrive.
    socket.connect(port, host, () => socket.send(query));
    socket.on('message', (reply) => {
      if (reply.length >= 2 && reply.readUInt16BE(0) === query.readUInt16BE(0)) end(() => resolve(reply));
    });
  });
}

function overTcp(query: Buffer, { host, port }: { host: string; port: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`${host} does not answer`)));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.end(Buffer.concat([length, query]));
    let held: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => (held = Buffer.concat([held, bytes])));
    socket.on('error', reject);
    socket.on('close', () => {
      const isWhole = held.length > 2 && held.length >= 2 + held.readUInt16BE(0);
      if (isWhole) resolve(held.subarray(2, 2 + held.readUInt16BE(0)));
      else reject(new Error(`${host} has sent half a reply`));
    });
  });
}

/** Asks another server the same question. Rejects when it does not answer. */
export function forwardQuery(query: Buffer, upstream: string, over: 'udp' | 'tcp'): Promise<Buffer> {
  return over === 'udp' ? overUdp(query, placeOf(upstream)) : overTcp(query, placeOf(upstream));
}

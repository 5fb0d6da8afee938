import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { ApiError } from '@kit/base';

// Says on its third stream that it is connected; what comes and goes afterwards is the connection's.
const relay = `
const net = require('node:net');
const socket = net.connect({ host: 'localhost', port: Number(process.argv[1]), allowHalfOpen: true });
socket.on('error', (error) => { process.stderr.write(error.code ?? error.message); process.exit(1); });
socket.on('connect', () => {
  process.stderr.write('connected');
  process.stdin.pipe(socket);
  socket.pipe(new net.Socket({ fd: 1 }));
  socket.on('close', () => process.exit(0));
});`;

/** Connects to a port that a pod offers to itself only: by a process of ours in the network that `pid` is in. */
export function dialLoopback(pid: number, port: number): Promise<Duplex> {
  const args = ['-t', String(pid), '-n', '--', process.execPath, '-e', relay, String(port)];
  const child = spawn('nsenter', args, { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  child.stdin.on('error', () => undefined); // the other side is gone: the end of its output says so
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      const what = why === 'ECONNREFUSED' ? 'connect: connection refused' : why;
      reject(new ApiError('ServiceUnavailable', `dial tcp4 127.0.0.1:${port}: ${what}`));
    };
    child.once('error', ({ message }) => fail(message));
    child.stderr.once('data', (said: Buffer) => {
      if (said.toString() !== 'connected') return fail(said.toString());
      const connection = Duplex.from({ writable: child.stdin, readable: child.stdout });
      connection.once('close', () => child.kill());
      resolve(connection);
    });
    child.once('exit', () => fail('the connection was closed'));
  });
}

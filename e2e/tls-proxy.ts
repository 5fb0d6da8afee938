import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { Server } from 'node:tls';

/** A certificate for the loopback address that nobody has signed: whoever is to believe it is given it. */
export interface Certificate {
  readonly pem: string;
  readonly file: string;
  readonly key: string;
}

export function makeCertificate(folder: string): Certificate {
  const [key, file] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', file, ...subject];
  execFileSync('openssl', words, { stdio: 'ignore' });
  return { pem: readFileSync(file, 'utf8'), file, key: readFileSync(key, 'utf8') };
}

export interface TlsProxy {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  readonly close: () => void;
}

/** What an operator puts in front of the platform: takes TLS off and passes on everything else. */
export async function startTlsProxy(
  { pem, key }: Certificate,
  { to, port = 0 }: { readonly to: string; readonly port?: number },
): Promise<TlsProxy> {
  const server: Server = createServer({ key, cert: pem }, (socket) => {
    const behind = connect(Number(new URL(to).port), '127.0.0.1');
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return { url: `https://127.0.0.1:${address.port}`, close: () => server.close() };
}

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { Session, TestPlatform } from '@kit/testing';

export interface TlsFront {
  /** A kubeconfig that points at the platform with a user's own token: what a member of a workspace would use. */
  readonly kubeconfig: string;
  close(): void;
}

/** A TLS proxy in front of the platform, as an operator would put there: kubectl sends no token without TLS. */
export async function openTlsFront(platform: TestPlatform, session: Session): Promise<TlsFront> {
  const file = (name: string): string => join(platform.dataDir, name);
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('tls.key'), '-out', file('tls.crt'), ...subject],
    { stdio: 'ignore' },
  );
  const cert = readFileSync(file('tls.crt'));
  const server = createServer({ key: readFileSync(file('tls.key')), cert }, (socket) => {
    const behind = connect(Number(new URL(platform.url).port), '127.0.0.1');
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'platform',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': cert.toString('base64') },
      },
    ],
    users: [{ name: 'member', user: { token: session.token } }],
    contexts: [{ name: 'member', context: { cluster: 'platform', user: 'member' } }],
    'current-context': 'member',
  };
  writeFileSync(file('member.kubeconfig'), JSON.stringify(config), { mode: 0o600 });
  return { kubeconfig: file('member.kubeconfig'), close: () => server.close() };
}

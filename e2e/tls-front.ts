import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session, TestPlatform } from '@kit/testing';
import { makeCertificate, startTlsProxy } from './tls-proxy.ts';

export interface TlsFront {
  /** A kubeconfig that points at the platform with a user's own token: what a member of a workspace would use. */
  readonly kubeconfig: string;
  close(): void;
}

/** A TLS proxy in front of the platform, as an operator would put there: kubectl sends no token without TLS. */
export async function openTlsFront(platform: TestPlatform, session: Session): Promise<TlsFront> {
  const certificate = makeCertificate(platform.dataDir);
  const { url, close } = await startTlsProxy(certificate, { to: platform.url });
  const authority = Buffer.from(certificate.pem).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'platform', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name: 'member', user: { token: session.token } }],
    contexts: [{ name: 'member', context: { cluster: 'platform', user: 'member' } }],
    'current-context': 'member',
  };
  const kubeconfig = join(platform.dataDir, 'member.kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return { kubeconfig, close };
}

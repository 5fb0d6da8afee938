import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { freePort } from '@kit/testing/programs';
import { root } from '../../tools/root.mjs';
import { makeCertificate, type Certificate } from '../tls-proxy.ts';

/** A real kube-apiserver that believes what a platform at `issuerUrl` says of its users, in both of the ways there are. */
export interface TrustingApiServer {
  readonly folder: string;
  /** Of the cluster's administrator. */
  readonly kubeconfig: string;
  readonly url: string;
  /** Where the platform has to be reached, and the certificate that is believed there. */
  readonly platformPort: number;
  readonly certificate: Certificate;
  /** A kubeconfig for this API server with the credential of `user`. */
  kubeconfigFor(name: string, user: object): string;
  stop(): void;
}

const script = join(root, 'tools/real/control-plane.sh');
export const audience = 'kubernetes';

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication: "Using Authentication Configuration". */
function authenticationOf(issuer: string, certificateAuthority: string): object {
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: { url: issuer, audiences: [audience], certificateAuthority },
        claimMappings: { username: { claim: 'sub', prefix: '' }, groups: { claim: 'groups', prefix: '' } },
      },
    ],
  };
}

function kubeconfigOf(server: string, authority: Buffer, user: object): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster: { server, 'certificate-authority-data': authority.toString('base64') } }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'user' } }],
    'current-context': 'it',
  });
}

/** Starts etcd and a kube-apiserver of their own; the platform may come later. */
export async function startTrustingApiServer(): Promise<TrustingApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'trusting-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const platformPort = await freePort();
  const certificate = makeCertificate(folder);
  const platform = `https://127.0.0.1:${platformPort}`;
  const authentication = file(
    'authentication.json',
    JSON.stringify(authenticationOf(`${platform}/oauth`, certificate.pem)),
  );
  const webhook = file(
    'webhook.json',
    kubeconfigOf(`${platform}/oauth/authenticate`, Buffer.from(certificate.pem), {}),
  );
  const flags = [
    `--authentication-config=${authentication}`,
    `--authentication-token-webhook-config-file=${webhook}`,
    '--authentication-token-webhook-version=v1',
    '--authentication-token-webhook-cache-ttl=1s',
  ];
  const port = await threePorts();
  const state = join(folder, 'state');
  const env = { ...process.env, STATE: state, PORT: String(port), FLAGS: flags.join(' ') };
  execFileSync('bash', [script, 'up'], { env, stdio: 'inherit' });
  const url = `https://127.0.0.1:${port}`;
  const authority = execFileSync('cat', [join(state, 'pki/ca.crt')]);
  return {
    folder,
    kubeconfig: join(state, 'pki/admin.kubeconfig'),
    url,
    platformPort,
    certificate,
    kubeconfigFor: (name, user) => file(`${name}.kubeconfig`, kubeconfigOf(url, authority, user)),
    stop() {
      execFileSync('bash', [script, 'down'], { env, stdio: 'inherit' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The script takes the named port and the two behind it. */
async function threePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

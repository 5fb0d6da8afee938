import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isApiError } from '@kit/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inClusterConnection } from './connection.ts';
import { readKubeconfig } from './kubeconfig.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n';
const base64 = Buffer.from(pem).toString('base64');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  for (const name of ['ca.crt', 'my.key', 'token'])
    writeFileSync(join(folder, name), name === 'token' ? 'from-file\n' : pem);
  writeFileSync(join(folder, 'namespace'), 'platform');
});
afterAll(() => rmSync(folder, { recursive: true }));

function config(user: string, cluster = ''): string {
  return `
apiVersion: v1
kind: Config
current-context: here
contexts:
- {name: here, context: {cluster: c, user: u, namespace: shop}}
- {name: nobody, context: {cluster: c}}
- {name: broken, context: {cluster: missing, user: u}}
clusters:
- name: c
  cluster: {server: "https://example.test:6443/k8s/", ${cluster}}
users:
- {name: u, user: {${user}}}
`;
}

describe('readKubeconfig', () => {
  it('reads server, authority, certificate and key given as data', () => {
    const read = readKubeconfig(
      config(`client-certificate-data: ${base64}, client-key-data: ${base64}`, `certificate-authority-data: ${base64}`),
    );
    expect(read).toMatchObject({
      server: 'https://example.test:6443/k8s',
      caPem: pem,
      clientCertificatePem: pem,
      namespace: 'shop',
    });
    expect(read.clientKeyPem?.reveal()).toBe(pem);
    expect(JSON.stringify(read)).not.toContain(base64);
  });

  it('finds files beside the kubeconfig', () => {
    const read = readKubeconfig(
      config('client-certificate: ca.crt, client-key: my.key', 'certificate-authority: ca.crt'),
      { folder },
    );
    expect([read.caPem, read.clientCertificatePem, read.clientKeyPem?.reveal()]).toEqual([pem, pem, pem]);
  });

  it('takes tokens, token files, passwords, and the switch for untrusted certificates', () => {
    const read = readKubeconfig(
      config('token: t, tokenFile: token, username: me, password: pw', 'insecure-skip-tls-verify: true'),
      { folder },
    );
    expect(read).toMatchObject({
      insecureSkipVerify: true,
      tokenFile: join(folder, 'token'),
      basic: { username: 'me' },
    });
    expect([read.token?.reveal(), read.basic?.password.reveal()]).toEqual(['t', 'pw']);
  });

  it('takes another context, which may have no user', () => {
    expect(readKubeconfig(config('token: t'), { context: 'nobody' }).token).toBeUndefined();
  });

  const refused: { why: string; text: () => string; context?: string; says: string }[] = [
    { why: 'a program cannot be run for a token', text: () => config('exec: {command: aws}'), says: '"exec"' },
    { why: 'nor an old sign-in plugin', text: () => config('auth-provider: {name: gcp}'), says: '"auth-provider"' },
    { why: 'a context that is not there', text: () => config('token: t'), context: 'typo', says: '"typo"' },
    {
      why: 'a context whose cluster is not there',
      text: () => config('token: t'),
      context: 'broken',
      says: '"missing"',
    },
    { why: 'a certificate alone', text: () => config(`client-certificate-data: ${base64}`), says: 'without the other' },
    {
      why: 'data that is not base64 of a PEM file',
      text: () => config('token: t', 'certificate-authority-data: "aGVsbG8="'),
      says: 'not a PEM',
    },
    {
      why: 'a file that is not there',
      text: () => config('token: t', 'certificate-authority: nowhere.crt'),
      says: '"nowhere.crt"',
    },
    { why: 'a way through a proxy', text: () => config('token: t', 'proxy-url: "http://p"'), says: '"proxy-url"' },
    { why: 'another file altogether', text: () => 'kind: Deployment', says: 'not a kubeconfig' },
    { why: 'no YAML at all', text: () => '{', says: 'not YAML' },
    { why: 'an empty file', text: () => '', says: 'not a kubeconfig' },
    {
      why: 'a server that is no address',
      text: () => config('token: t').replace('https://example.test:6443/k8s/', 'example'),
      says: '"example"',
    },
    { why: 'text where text belongs', text: () => config('token: {a: b}'), says: '"token" must be text' },
  ];
  it.each(refused)('refuses $why', ({ text, context, says }) => {
    let failure: unknown;
    try {
      readKubeconfig(text(), { context, folder });
    } catch (error) {
      failure = error;
    }
    expect(isApiError(failure, 'Invalid')).toBe(true);
    expect((failure as Error).message).toContain(says);
    expect((failure as Error).message).not.toContain('\n');
  });
});

describe('inClusterConnection', () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

  it('takes address from the environment, the rest from the service account', () => {
    expect(inClusterConnection(env, folder)).toEqual({
      server: 'https://10.0.0.1:443',
      caPem: pem,
      tokenFile: join(folder, 'token'),
      namespace: 'platform',
    });
  });

  it('writes an IPv6 address as addresses are written', () => {
    expect(inClusterConnection({ ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)?.server).toBe(
      'https://[fd00::1]:443',
    );
  });

  it('says nothing outside of a pod, and what is missing in one without a token', () => {
    expect(inClusterConnection({}, folder)).toBeUndefined();
    expect(() => inClusterConnection(env, join(folder, 'nowhere'))).toThrow('no service account');
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { readKubeconfig } from '@kit/kube';

/** A request as it arrived at the cluster's door: header names and values in turn, as they were on the wire. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
}

export interface RecordingFront {
  /** Points at the front, with a token of its own. */
  readonly kubeconfig: string;
  readonly token: string;
  readonly requests: Recorded[];
  close(): Promise<void>;
}

/** A TLS server in front of a cluster that writes down what is sent to it, and passes it on as the cluster's administrator. */
export async function openRecordingFront(clusterKubeconfig: string): Promise<RecordingFront> {
  const { server: target, clientCertificatePem, clientKeyPem } = readKubeconfig(clusterKubeconfig);
  const credential: RequestOptions = {
    cert: clientCertificatePem,
    key: clientKeyPem?.reveal(),
    rejectUnauthorized: false, // the front is on the same machine; what is looked at is what came before it
  };
  const requests: Recorded[] = [];
  const pass = (incoming: IncomingMessage): ReturnType<typeof httpsRequest> => {
    const { method = 'GET', url = '/', rawHeaders, headers } = incoming;
    requests.push({ method, url, rawHeaders });
    const { authorization: _own, host: _host, ...rest } = headers;
    return httpsRequest(new URL(url, target), { ...credential, method, headers: rest });
  };
  const { cert, key } = certificate();
  const server = createServer({ cert, key }, (incoming, response) => {
    const onward = pass(incoming);
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
    pass(incoming).end();
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  const token = 'the-platforms-own-credential';
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'front',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': cert.toString('base64') },
      },
    ],
    users: [{ name: 'platform', user: { token } }],
    contexts: [{ name: 'front', context: { cluster: 'front', user: 'platform' } }],
    'current-context': 'front',
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { kubeconfig, token, requests, close };
}

function certificate(): { cert: Buffer; key: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'front-'));
  const [keyFile, certFile] = [join(folder, 'key'), join(folder, 'cert')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const wanted = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certFile, ...subject];
  execFileSync('openssl', wanted, { stdio: 'ignore' });
  const files = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  rmSync(folder, { recursive: true });
  return files;
}

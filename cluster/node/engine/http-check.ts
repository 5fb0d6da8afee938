import { type IncomingMessage, request as plainRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import type { EngineContainer, HttpAction } from './engine-pod.ts';
import { portNumber } from './engine-pod.ts';

/** What a check has found: whether it succeeded, and what is to be said of it. */
export interface CheckResult {
  readonly ok: boolean;
  readonly output: string;
  /** It could not be found out: nothing follows from it. */
  readonly isUnknown?: true;
}

const mostOutput = 10 * 1024;
const failed = (output: string): CheckResult => ({ ok: false, output });

/** What a connection fails with, in the words of the nodes of a real cluster. */
function dialText(host: string, port: number, error: NodeJS.ErrnoException): string {
  const words: Record<string, string> = {
    ECONNREFUSED: 'connect: connection refused',
    EHOSTUNREACH: 'connect: no route to host',
    ETIMEDOUT: 'i/o timeout',
    ECONNRESET: 'read: connection reset by peer',
  };
  return `dial tcp ${host}:${port}: ${words[error.code ?? ''] ?? error.message}`;
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > mostOutput) break;
  }
  return text.slice(0, mostOutput);
}

export interface CheckPlace {
  readonly container: EngineContainer;
  readonly ip: string;
  readonly timeoutMs: number;
}

/** Asks for a page of the container; every status from 200 to 399 is a success. */
export function checkHttp(action: HttpAction, { container, ip, timeoutMs }: CheckPlace): Promise<CheckResult> {
  const port = portNumber(container, action.port);
  if (port === undefined) return Promise.resolve(failed(`couldn't find port: ${String(action.port)}`));
  const host = action.host ?? ip;
  const scheme = (action.scheme ?? 'HTTP').toLowerCase();
  const path = action.path ?? '/';
  const url = `${scheme}://${host}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
  const given = (action.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value]);
  const headers = {
    'user-agent': 'kube-probe/1.36',
    accept: '*/*',
    connection: 'close',
    ...Object.fromEntries(given),
  } as Record<string, string>; // texts only
  const late = failed(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
  return new Promise((resolve) => {
    const options = {
      host,
      port,
      path: url.slice(`${scheme}://${host}:${port}`.length),
      headers,
      agent: false as const,
    };
    const answered = (answer: IncomingMessage): void => {
      const status = answer.statusCode ?? 0;
      const isGood = status >= 200 && status < 400;
      bodyOf(answer).then(
        (body) => resolve(isGood ? { ok: true, output: body } : failed(`HTTP probe failed with statuscode: ${status}`)),
        () => resolve(late),
      );
    };
    const asked =
      scheme === 'https'
        ? tlsRequest({ ...options, rejectUnauthorized: false }, answered)
        : plainRequest(options, answered);
    asked.on('error', (error) => resolve(failed(`Get "${url}": ${dialText(host, port, error)}`)));
    asked.end();
    giveUpAfter(timeoutMs, () => {
      resolve(late);
      asked.destroy();
    });
  });
}

/** Is there somebody who takes a connection? */
export function checkTcp(
  { port: wanted, host: named }: { readonly port: number | string; readonly host?: string },
  { container, ip, timeoutMs }: CheckPlace,
): Promise<CheckResult> {
  const port = portNumber(container, wanted);
  if (port === undefined) return Promise.resolve(failed(`couldn't find port: ${String(wanted)}`));
  const host = named ?? ip;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (result: CheckResult): void => {
      resolve(result);
      socket.destroy();
    };
    socket.on('connect', () => end({ ok: true, output: '' }));
    socket.on('error', (error) => end(failed(dialText(host, port, error))));
    giveUpAfter(timeoutMs, () => end(failed(`dial tcp ${host}:${port}: i/o timeout`)));
  });
}

const servingStatus = 1;

// A message of the gRPC health service: HealthCheckRequest { service = 1 }.
function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length > 0 ? Buffer.concat([Buffer.from([10, name.length]), name]) : Buffer.alloc(0);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/** Asks the gRPC health service. */
export function checkGrpc(
  { port, service = '' }: { readonly port: number; readonly service?: string },
  { ip, timeoutMs }: CheckPlace,
): Promise<CheckResult> {
  const place = `${ip}:${port}`;
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${place}`);
    const end = (result: CheckResult): void => {
      resolve(result);
      session.destroy();
    };
    const refused = (): void =>
      end(
        failed(
          `timeout: failed to connect service ${JSON.stringify(place)} within ${timeoutMs / 1000}s: context deadline exceeded`,
        ),
      );
    session.on('error', refused);
    const call = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    call.on('data', (chunk: Buffer) => chunks.push(chunk));
    call.on('error', refused);
    call.on('end', () => {
      const [, , , , , field, status] = Buffer.concat(chunks);
      const isServing = field === 8 && status === servingStatus;
      end(isServing ? { ok: true, output: '' } : failed('service unhealthy (responded with "NOT_SERVING")'));
    });
    call.end(healthRequest(service));
    giveUpAfter(timeoutMs, refused);
  });
}

// Of the machine's time: a check waits for a real process, whatever clock the cluster has.
function giveUpAfter(timeoutMs: number, run: () => void): void {
  setTimeout(run, timeoutMs).unref();
}

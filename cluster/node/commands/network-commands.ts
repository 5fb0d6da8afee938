import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { readAll } from '../shell/byte-io.ts';
import type { Command, CommandCall, CommandTable } from '../shell/shell-world.ts';
import { type Options, options } from './options.ts';

const nameServer = '10.96.0.10';
const isAddress = (text: string): boolean => /^\d+(\.\d+){3}$/.test(text);

const nslookup: Command = async ({ args, world, io }) => {
  const [name = ''] = options(args).rest;
  await io.stdout.write(`Server:\t\t${nameServer}\nAddress:\t${nameServer}:53\n\n`);
  const addresses = await world.network.resolve(name);
  if (addresses.length === 0) {
    await io.stdout.write(`** server can't find ${name}: NXDOMAIN\n\n`);
    return 1;
  }
  for (const address of addresses) await io.stdout.write(`Name:\t${name}\nAddress: ${address}\n`);
  await io.stdout.write('\n');
  return 0;
};

const getent: Command = async ({ args, world, io }) => {
  const [, name = ''] = args;
  const addresses = await world.network.resolve(name);
  for (const address of addresses) await io.stdout.write(`${address.padEnd(16)}  ${name}\n`);
  return addresses.length > 0 ? 0 : 2;
};

interface Wanted {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
}

class NetworkProblem extends Error {}

async function connect({ world }: CommandCall, host: string, port: number): Promise<Duplex> {
  const [address] = isAddress(host) ? [host] : await world.network.resolve(host);
  if (!address) throw new NetworkProblem(`bad address '${host}'`);
  try {
    return await world.network.connect(address, port);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreachable';
    throw new NetworkProblem(`can't connect to ${host} (${address}:${port}): ${why}`);
  }
}

async function fetchUrl(call: CommandCall, { url, method, headers, body }: Wanted): Promise<IncomingMessage> {
  if (url.protocol !== 'http:') throw new NetworkProblem(`${url.protocol} is not spoken by this simulated node`);
  const socket = await connect(call, url.hostname, Number(url.port || 80));
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        method,
        path: url.pathname + url.search,
        headers: { host: url.host, connection: 'close', ...headers },
        createConnection: () => socket,
      },
      resolve,
    );
    asked.on('error', (error) => reject(new NetworkProblem(error.message)));
    call.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    asked.end(body);
  });
}

function urlOf(text: string): URL {
  try {
    return new URL(/^\w+:\/\//.test(text) ? text : `http://${text}`);
  } catch {
    throw new NetworkProblem(`bad address '${text}'`);
  }
}

async function copyBody(call: CommandCall, answer: IncomingMessage, file: string | undefined): Promise<void> {
  const isFile = file !== undefined && file !== '-' && file !== '/dev/null';
  const target = isFile ? call.world.files.open(call.path(file)) : undefined;
  for await (const chunk of answer) {
    const bytes = chunk as Buffer; // no encoding is set
    if (file === '/dev/null') continue;
    if (target) call.world.files.append(target, bytes);
    else await call.io.stdout.write(bytes);
  }
}

async function said(call: CommandCall, work: () => Promise<number>, prefix: string): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NetworkProblem)) throw error;
    await call.io.stderr.write(`${prefix}${error.message}\n`);
    return prefix.startsWith('curl') ? 7 : 1;
  }
}

function wgetRequest({ flags, values, rest }: Options): Wanted {
  const body = values.get('post-data');
  const method = flags.has('spider') ? 'HEAD' : body === undefined ? 'GET' : 'POST';
  return { url: urlOf(rest[0] ?? ''), method, headers: {}, ...(body !== undefined && { body: Buffer.from(body) }) };
}

const wget: Command = (call) =>
  said(
    call,
    async () => {
      const given = options(call.args, 'OT');
      const wanted = wgetRequest(given);
      const answer = await fetchUrl(call, wanted);
      const { statusCode = 0, statusMessage = '' } = answer;
      if (statusCode >= 400) {
        await call.io.stderr.write(`wget: server returned error: HTTP/1.1 ${statusCode} ${statusMessage}\n`);
        answer.resume();
        return 1;
      }
      const name = given.values.get('O') ?? (wanted.url.pathname.split('/').at(-1) || 'index.html');
      if (wanted.method === 'HEAD') answer.resume();
      else await copyBody(call, answer, name);
      return 0;
    },
    'wget: ',
  );

async function curlBody(call: CommandCall, data: string | undefined): Promise<Buffer | undefined> {
  if (data === undefined) return undefined;
  if (data === '@-') return readAll(call.io.stdin);
  return data.startsWith('@') ? call.world.files.read(call.path(data.slice(1))) : Buffer.from(data);
}

function curlHeaders(args: readonly string[]): Record<string, string> {
  const lines = args.filter((_, i) => args[i - 1] === '-H');
  return Object.fromEntries(lines.map((line) => [line.split(':')[0] ?? '', line.split(':').slice(1).join(':').trim()]));
}

async function curlRequest(call: CommandCall, { flags, values, rest }: Options): Promise<Wanted> {
  const body = await curlBody(call, values.get('d'));
  const usual = flags.has('I') ? 'HEAD' : body ? 'POST' : 'GET';
  const method = values.get('X') ?? usual;
  return { url: urlOf(rest[0] ?? ''), method, headers: curlHeaders(call.args), ...(body && { body }) };
}

function headText({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}\r\n`] : []));
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`;
}

const curl: Command = (call) =>
  said(
    call,
    async () => {
      const given = options(call.args, 'XHdomwA');
      const { flags, values } = given;
      const answer = await fetchUrl(call, await curlRequest(call, given));
      const { statusCode = 0 } = answer;
      if (flags.has('i') || flags.has('I')) await call.io.stdout.write(headText(answer));
      await copyBody(call, answer, values.get('o'));
      const format = values.get('w')?.replaceAll('%{http_code}', String(statusCode)).replaceAll('\\n', '\n');
      if (format) await call.io.stdout.write(format);
      return (flags.has('f') || flags.has('fail')) && statusCode >= 400 ? 22 : 0;
    },
    'curl: ',
  );

const nc: Command = (call) =>
  said(
    call,
    async () => {
      const { flags, rest } = options(call.args, 'w');
      const socket = await connect(call, rest[0] ?? '', Number(rest[1] ?? 0));
      if (flags.has('z')) {
        socket.destroy();
        return 0;
      }
      const reading = (async () => {
        for await (const chunk of socket) await call.io.stdout.write(chunk as Buffer); // no encoding is set
      })();
      for (let chunk = await call.io.stdin.read(); chunk; chunk = await call.io.stdin.read()) socket.write(chunk);
      socket.end();
      await reading;
      return 0;
    },
    'nc: ',
  );

export const networkCommands: CommandTable = { nslookup, getent, wget, curl, nc };

import { Resolver } from 'node:dns/promises';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@kit/base';
import { type Lookup, lookUp, type NameSources } from './cluster-names.ts';
import { encodeReply, type Question, readQuestion } from './dns-message.ts';
import { forwardQuery } from './forward-query.ts';

export interface ClusterDnsOptions {
  readonly sources: NameSources;
  readonly log: Logger;
  /** Whom to ask for names of others, as `address` or `address#port`; default: as this machine's resolver does. */
  readonly upstreams?: readonly string[];
}

const mostUdpBytes = 1232;
const mostTcpBytes = 65_535;
const mostClients = 256;

async function machineUpstreams(): Promise<string[]> {
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  return [...text.matchAll(/^\s*nameserver\s+(\d+(?:\.\d+){3})\s*$/gm)].flatMap(([, address]) =>
    address ? [address] : [],
  );
}

/** Answers for the names of a cluster, and passes on what it does not know. */
export class ClusterDns {
  readonly #options: ClusterDnsOptions;
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  readonly #clients = new Set<Socket>();

  constructor(options: ClusterDnsOptions) {
    this.#options = options;
    this.#udp = createSocket('udp4');
    this.#udp.on('message', (query, from) => {
      void this.#answer(query, mostUdpBytes).then((reply) => {
        if (reply) this.#udp.send(reply, from.port, from.address);
      });
    });
    this.#tcp = createServer((client) => this.#serve(client));
    this.#tcp.maxConnections = mostClients;
    for (const part of [this.#udp, this.#tcp])
      part.on('error', (error: Error) => options.log.warn('the cluster DNS has a problem', { error }));
  }

  /** Listens on one free port for both protocols, and answers it. */
  async listen(host: string): Promise<number> {
    this.#tcp.listen({ host, port: 0 });
    await once(this.#tcp, 'listening');
    const { port } = this.#tcp.address() as AddressInfo; // it listens on TCP
    this.#udp.bind({ address: host, port });
    await once(this.#udp, 'listening');
    return port;
  }

  close(): void {
    this.#udp.close();
    this.#tcp.close();
    for (const client of this.#clients) client.destroy();
  }

  #serve(client: Socket): void {
    this.#clients.add(client);
    client.setTimeout(30_000, () => client.destroy());
    client.on('error', () => client.destroy());
    client.on('close', () => this.#clients.delete(client));
    let held: Buffer = Buffer.alloc(0);
    client.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0);
        void this.#reply(client, Buffer.from(held.subarray(2, end)));
        held = held.subarray(end);
      }
    });
  }

  async #reply(client: Socket, query: Buffer): Promise<void> {
    const reply = await this.#answer(query, mostTcpBytes);
    if (!reply || client.destroyed) return;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(reply.length);
    client.write(Buffer.concat([length, reply]));
  }

  /** The reply to a query; undefined for what is none. */
  async #answer(query: Buffer, mostBytes: number): Promise<Buffer | undefined> {
    const read = readQuestion(query);
    if (!read) return undefined;
    const { question, end } = read;
    const found = lookUp(question, this.#options.sources);
    if (found.is === 'elsewhere') {
      const passed = await this.#pass(query, mostBytes);
      return passed ?? encodeReply(query, end, { outcome: 'failed', records: [], mostBytes });
    }
    return this.#known(found, question, { query, end, mostBytes });
  }

  async #known(
    found: Exclude<Lookup, { is: 'elsewhere' }>,
    question: Question,
    { query, end, mostBytes }: { query: Buffer; end: number; mostBytes: number },
  ): Promise<Buffer> {
    const records = found.is === 'answer' ? [...found.records] : [];
    const alias = records[0]?.data;
    if (alias?.type === 'CNAME') {
      const inner = lookUp({ name: alias.target.toLowerCase(), type: question.type }, this.#options.sources);
      if (inner.is === 'answer') records.push(...inner.records);
      else if (inner.is === 'elsewhere') records.push(...(await this.#addressesOf(alias.target, question.type)));
    }
    const outcome = found.is === 'answer' ? 'found' : 'no such name';
    return encodeReply(query, end, { outcome, records, zone: found.zone, mostBytes });
  }

  // A resolver that gets an alias alone gives up: the addresses come with it.
  async #addressesOf(target: string, type: number): Promise<{ name: string; data: { type: 'A'; address: string } }[]> {
    if (type !== 1) return [];
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    const found = await resolver.resolve4(target).catch(() => []);
    return found.map((address) => ({ name: target, data: { type: 'A', address } }));
  }

  async #pass(query: Buffer, mostBytes: number): Promise<Buffer | undefined> {
    const upstreams = this.#options.upstreams ?? (await machineUpstreams());
    for (const upstream of upstreams) {
      const reply = await forwardQuery(query, upstream, mostBytes > mostUdpBytes ? 'tcp' : 'udp').catch(
        () => undefined,
      );
      if (reply) return reply;
    }
    return undefined;
  }
}

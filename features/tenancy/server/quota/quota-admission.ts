import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fieldManager } from '@feature/iam/contract';
import { isApiError, type Clock, type Logger, type Part } from '@kit/base';
import { kinds, type KubeClient, type Views } from '@kit/kube';
import { quotaType, quotaWebhookName, webhookConfigurationType } from '../../contract/index.ts';
import { kindsOf } from '../../rules/object-usage.ts';
import { ProjectIndex } from '../project-index.ts';
import { answerOther, answerReview, type OtherReview } from './answer-review.ts';
import { QuotaLedger } from './quota-ledger.ts';
import { servingCertificate } from './serving-certificate.ts';
import { webhookConfiguration } from './webhook-configuration.ts';

/** Where the cluster's API server reaches this process. */
export interface AdmissionAddress {
  /** Also what the certificate is for. */
  readonly host: string;
  /** The address to listen on; `host` unless said. */
  readonly listen?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface QuotaAdmissionDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly log: Logger;
  readonly clock: Clock;
}

const longestBytes = 4 * 1024 * 1024;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  const body = request as AsyncIterable<Buffer>; // cast: no encoding is set, so it gives buffers
  for await (const chunk of body) {
    size += chunk.length;
    if (size > longestBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined; // answered as what it is: no review
  }
}

/** Serves the path that only the registration knows: whoever cannot read that cannot ask, nor reserve anything. */
function listener(answers: ReadonlyMap<string, (body: unknown) => object | undefined>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answerOf = answers.get(request.url?.split('?')[0] ?? '');
    if (request.method !== 'POST' || !answerOf) return void response.writeHead(404).end();
    const answer = answerOf(await readJson(request));
    if (!answer) return void response.writeHead(400).end();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
}

function listen(server: Server, { host, listen: at = host, port }: AdmissionAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, at, () => resolve((server.address() as AddressInfo).port)); // cast: it listens on TCP
  });
}

/**
 * Holds creations in projects to workspace quotas: a validating webhook of the cluster, registered while this runs. What
 * else is to be looked at is asked about at the same server, by registrations of their own.
 */
export class QuotaAdmission implements Part {
  readonly name = 'workspace quota admission';
  readonly #deps: QuotaAdmissionDeps;
  readonly #address: AdmissionAddress;
  readonly #ledger: QuotaLedger;
  #server: Server | undefined;
  readonly #others: readonly OtherReview[];
  #client: { url: string; caPem: string } | undefined;
  #unfollow: () => void = () => undefined;
  #isAsked = false;
  #registering: Promise<void> = Promise.resolve();

  constructor(deps: QuotaAdmissionDeps, address: AdmissionAddress, others: readonly OtherReview[] = []) {
    this.#deps = deps;
    this.#address = address;
    this.#others = others;
    this.#ledger = new QuotaLedger({ ...deps, projects: new ProjectIndex(deps.views.of(kinds.namespaces)) });
  }

  async start(): Promise<void> {
    const { views, clock, log } = this.#deps;
    const certificate = await servingCertificate(this.#address.host, clock.now());
    const path = `/admit/${randomBytes(24).toString('hex')}`;
    const answer = listener(
      new Map([
        [path, (body: unknown) => answerReview(this.#ledger, body)] as const,
        ...this.#others.map((other) => [`${path}/${other.name}`, (body: unknown) => answerOther(other, body)] as const),
      ]),
    );
    this.#server = createServer(certificate, (request, response) => {
      answer(request, response).catch((error: unknown) => {
        log.error('a quota review failed', { error });
        response.destroy();
      });
    });
    const port = await listen(this.#server, this.#address);
    const host = this.#address.host.includes(':') ? `[${this.#address.host}]` : this.#address.host;
    this.#client = { url: `https://${host}:${port}${path}`, caPem: certificate.cert };
    await Promise.all([views.of(quotaType).ready(), views.of(kinds.namespaces).ready()]);
    this.#unfollow = views.of(quotaType).subscribe(() => void this.#register());
    await Promise.all([this.#register(), ...this.#others.map((other) => this.#registerOther(other))]);
  }

  /** Takes the registration away first: nobody is to wait for a server that is gone. */
  async stop(): Promise<void> {
    this.#unfollow();
    await this.#registering;
    for (const name of [quotaWebhookName, ...this.#others.map((other) => other.name)])
      await this.#deps.kube.delete(webhookConfigurationType, { name }).catch((error: unknown) => {
        if (!isApiError(error, 'NotFound')) this.#deps.log.warn('a webhook stays registered', { name, error });
      });
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Registers what the quotas of now count, after the views that are summed have been read. */
  #register(): Promise<void> {
    const { kube, views, log } = this.#deps;
    const client = this.#client;
    if (this.#isAsked) return this.#registering; // the one that waits sees this change, too
    this.#isAsked = true;
    this.#registering = this.#registering
      .then(async () => {
        this.#isAsked = false;
        if (!client) return;
        const quotas = this.#ledger.quotas();
        const types = new Set(quotas.flatMap(({ spec }) => kindsOf(spec.quota.hard)));
        await Promise.all([...types].map((type) => views.of(type).ready()));
        const wanted = webhookConfiguration(quotas, client);
        await kube.apply(webhookConfigurationType, wanted, { fieldManager, force: true });
      })
      .catch((error: unknown) => log.error('the quota webhook could not be registered', { error }));
    return this.#registering;
  }
  async #registerOther(other: OtherReview): Promise<void> {
    const { kube, log } = this.#deps;
    const client = this.#client;
    if (!client) return;
    try {
      await other.ready();
      const wanted = other.configuration({ ...client, url: `${client.url}/${other.name}` });
      await kube.apply(webhookConfigurationType, wanted, { fieldManager, force: true });
    } catch (error) {
      log.error('a webhook could not be registered', { name: other.name, error });
    }
  }
}

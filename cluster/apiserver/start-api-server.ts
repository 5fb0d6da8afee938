import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Clock, Logger } from '@kit/base';
import { attachmentsOf } from '../backup/backup-cluster.ts';
import type { ClusterClient } from '../client.ts';
import type { NodeRuntime } from '../node-runtime.ts';
import { Aggregator } from './aggregation/aggregator.ts';
import { openFrontProxyPki } from './aggregation/front-proxy-pki.ts';
import type { FrontProxyPki } from './aggregation/front-proxy-pki.ts';
import { describePolicies } from './admission/policies/policy-status.ts';
import { asController } from '../reconcile/controller-account.ts';
import { admissionChain } from './admission/admission-chain.ts';
import { admissionSteps } from './admission/admission-steps.ts';
import { ServiceAllocator } from './admission/service-allocator.ts';
import type { ApiServerParts } from './api-server-parts.ts';
import { Authenticator } from './auth/authenticator.ts';
import { Auditor } from './audit/auditor.ts';
import type { AuditOptions } from './audit/auditor.ts';
import { BootstrapTokens } from './auth/bootstrap-tokens.ts';
import { certificateSigner } from './auth/certificate-signer.ts';
import type { SignCertificate } from './auth/certificate-signer.ts';
import { openPki } from './auth/certificates.ts';
import type { Pki } from './auth/certificates.ts';
import { ClusterAuthorizer } from './auth/cluster-authorizer.ts';
import { type KnownToken, KnownTokens } from './auth/known-tokens.ts';
import { ServiceAccountTokens } from './auth/service-account-tokens.ts';
import { bootstrap } from './bootstrap.ts';
import { acceptUpgrades } from './endpoints/accept-upgrades.ts';
import { refuseUnreadable } from './endpoints/refuse-unreadable.ts';
import { requestListener } from './endpoints/request-listener.ts';
import { expireEvents } from './expire-events.ts';
import { followCustomKinds } from './follow-custom-kinds.ts';
import { InProcessClient } from './in-process-client.ts';
import { adminKubeconfig } from './kubeconfig.ts';
import { builtinKinds } from './kinds/builtin-kinds.ts';
import { componentStatuses, type RunningComponents } from './kinds/component-statuses.ts';
import type { KindInfo } from './kinds/kind-info.ts';
import { OutboundClient } from './outbound/outbound-client.ts';
import { serveMetrics } from './metrics-api/serve-metrics.ts';
import { Storage } from './storage/storage.ts';
import { KindRegistry } from './store/kind-registry.ts';

export interface ApiServerOptions {
  readonly dataDir?: string;
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit?: AuditOptions;
  /** Bearer tokens that are believed beside those of service accounts and of bootstrap. */
  readonly knownTokens?: readonly KnownToken[] | undefined;
}

export interface ApiServer {
  readonly url: string;
  readonly caPem: string;
  /** Signs with the authority that clients and nodes believe. */
  readonly signCertificate: SignCertificate;
  readonly kubeconfig: string;
  /** Acts as `system:masters`. */
  readonly client: ClusterClient;
  /** From then on `pods/log` is answered by the machines the pods run on. */
  useNodes(runtime: NodeRuntime): void;
  /** From then on policies are told what is wrong with them; answers how to stop. */
  describePolicies(): () => Promise<void>;
  /** What component statuses tell of the parts beside this one; whoever starts them says so here. */
  readonly components: RunningComponents;
  stop(): Promise<void>;
}

/** The account that the bootstrap roles give the right to write the status of policies. */
const policyStatusAccount = 'validatingadmissionpolicy-status-controller';

const admin = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

/** The built-in kinds, one of which tells how the parts of the cluster are. */
function kindsTelling(components: RunningComponents): KindInfo[] {
  const computed = componentStatuses(components);
  return builtinKinds().map((kind) => (kind.kind === 'ComponentStatus' ? { ...kind, computed } : kind));
}

function assemble(
  { storage, components }: { storage: Storage; components: RunningComponents },
  pki: Pki & { frontProxy: FrontProxyPki },
  { clock, log, audit, knownTokens = [] }: ApiServerOptions,
): ApiServerParts {
  const kinds = new KindRegistry(kindsTelling(components));
  const authorizer = new ClusterAuthorizer(storage);
  const tokens = new ServiceAccountTokens(pki.serviceAccountKey, storage, clock);
  const services = new ServiceAllocator(storage);
  const nodes: ApiServerParts['nodes'] = { runtime: undefined };
  const outbound = new OutboundClient({ storage, clock, nodes });
  return {
    storage,
    clock,
    log,
    kinds,
    authorizer,
    tokens,
    ...(audit && { audit: new Auditor(audit, { clock, log }) }),
    authenticator: new Authenticator([new KnownTokens(knownTokens), tokens, new BootstrapTokens(storage, clock)]),
    nodes,
    outbound,
    aggregator: new Aggregator({ storage, kinds, clock, log, nodes, frontProxy: pki.frontProxy }),
    progress: { phase: 'starting' },
    admission: admissionChain(admissionSteps({ storage, kinds, authorizer, clock, outbound, log })),
    allocate: (dryRun) => services.begin(dryRun),
  };
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo); // a TCP server has one
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function httpsServer({ ca, server: own }: Pki, listener: ReturnType<typeof requestListener>): Server {
  const certificates = { cert: own.cert, key: own.key, ca: ca.cert, requestCert: true, rejectUnauthorized: false };
  return createServer({ ...certificates, requestTimeout: 0, keepAliveTimeout: 65_000 }, listener);
}

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Starts the API server on its own storage; it answers requests when this resolves. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { dataDir, host, port, clock, log } = options;
  const storage = await Storage.open({ log, ...(dataDir && { path: join(dataDir, 'cluster.db') }) });
  try {
    const pki = await openPki({ host, nowMs: clock.now(), ...(dataDir && { folder: join(dataDir, 'pki') }) });
    const frontProxy = await openFrontProxyPki(clock.now(), dataDir && join(dataDir, 'pki'));
    const components: RunningComponents = { scheduler: false, 'controller-manager': false };
    const parts: ApiServerParts = {
      ...assemble({ storage, components }, { ...pki, frontProxy }, options),
      ...(dataDir && { backUp: (file: string) => storage.backup(file, attachmentsOf(dataDir)) }),
    };
    const client = new InProcessClient(parts, admin);
    const stopFollowing = followCustomKinds(parts);
    const stopExpiring = expireEvents(parts);
    const listener = requestListener(parts);
    const server = httpsServer(pki, listener);
    const closeUpgraded = acceptUpgrades(server, listener);
    server.on('clientError', refuseUnreadable);
    const address = await listen(server, port, host);
    await bootstrap(client, { caPem: pki.ca.cert, address: { ip: host, port: address.port } });
    await parts.aggregator.start(client, pki.ca.cert);
    parts.progress.phase = 'ready';
    const url = `https://${urlHost(host)}:${address.port}`;
    return {
      url,
      caPem: pki.ca.cert,
      signCertificate: certificateSigner(pki.ca, () => clock.now()),
      kubeconfig: adminKubeconfig(url, pki),
      client,
      components,
      describePolicies: () =>
        describePolicies({ storage, kinds: parts.kinds, log, client: asController(client, policyStatusAccount) }),
      useNodes(runtime) {
        parts.nodes.runtime = runtime;
        serveMetrics({ kinds: parts.kinds, storage, client, runtime }).catch((error: unknown) =>
          log.error('the metrics API is not served', { error }),
        );
      },
      async stop() {
        parts.progress.phase = 'stopping';
        stopFollowing();
        stopExpiring();
        await parts.aggregator.stop();
        parts.outbound.stop();
        closeUpgraded();
        await close(server);
        await parts.audit?.close();
        await storage.close();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

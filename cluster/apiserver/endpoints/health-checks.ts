import type { ApiServerParts } from '../api-server-parts.ts';

/** One line of a verbose answer. */
export interface HealthCheck {
  readonly name: string;
  passes(parts: ApiServerParts): boolean;
}

const always = (name: string): HealthCheck => ({ name, passes: () => true });
/** True once what the server makes at its start is there. */
const started = (name: string): HealthCheck => ({ name, passes: ({ progress }) => progress.phase !== 'starting' });

/**
 * The steps of a start, by the names and in the order of a real server, which monitoring asks for one by one. Here they
 * are one step: all of them are done, or none.
 */
const startSteps: readonly HealthCheck[] = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((name) => started(`poststarthook/${name}`));

const lastSteps: readonly HealthCheck[] = [
  started('autoregister-completion'),
  started('poststarthook/apiservice-openapi-controller'),
  started('poststarthook/apiservice-openapiv3-controller'),
];

/** Storage is open before anybody can ask, and closed after the last answer. */
const basics: readonly HealthCheck[] = [always('ping'), always('log')];
const alive: readonly HealthCheck[] = [
  ...basics,
  always('loopback-serving-certificate'),
  always('etcd'),
  ...startSteps,
  ...lastSteps,
];
const ready: readonly HealthCheck[] = [
  ...basics,
  always('etcd'),
  always('etcd-readiness'),
  started('informer-sync'),
  ...startSteps,
  ...lastSteps,
  { name: 'shutdown', passes: ({ progress }) => progress.phase !== 'stopping' },
];

/** What each health endpoint looks at. */
export const healthChecks = {
  '/livez': alive,
  '/healthz': alive,
  '/readyz': ready,
} as const satisfies Readonly<Record<string, readonly HealthCheck[]>>;

export type HealthRoot = keyof typeof healthChecks;

export const healthRoots = Object.keys(healthChecks) as HealthRoot[]; // its own keys

/** Every path of the health endpoints. */
export function healthPaths(): string[] {
  return healthRoots.flatMap((root) => [root, ...healthChecks[root].map(({ name }) => `${root}/${name}`)]);
}

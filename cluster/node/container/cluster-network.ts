import type { Duplex } from 'node:stream';
import { ApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { type Pod, type ContainerSpec, isFinished } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import type { ShellNetwork } from '../shell/shell-world.ts';
import type { Configuration } from './configuration.ts';
import type { SimulatedPorts } from './simulated-ports.ts';

export interface ClusterNetworkOptions {
  readonly configuration: Configuration;
  readonly pods: Informer<Pod>;
  readonly ports: SimulatedPorts;
}

interface Subset {
  readonly addresses?: readonly { readonly ip: string; readonly hostname?: string }[];
  readonly ports?: readonly { readonly name?: string; readonly port: number }[];
}

const clusterDomain = '.cluster.local';
const isAddress = (text: string): boolean => /^\d+(\.\d+){3}$/.test(text);
const refused = (address: string, port: number): ApiError =>
  new ApiError('ServiceUnavailable', `dial tcp ${address}:${port}: connect: connection refused`);

interface Meaning {
  /** The pod's own name in front of a headless service. */
  readonly host: string | undefined;
  readonly service: string;
  readonly namespace: string;
}

/** What a name may stand for, with the search path of a pod in namespace `from`. */
function meanings(name: string, from: string): Meaning[] {
  const short = name.endsWith(clusterDomain) ? name.slice(0, -clusterDomain.length) : name;
  const labels = short.split('.');
  const at = labels.indexOf('svc');
  const [a = '', b = '', c = '', ...more] = at < 0 ? labels : labels.slice(0, at);
  if (more.length > 0) return [];
  if (c) return [{ host: a, service: b, namespace: c }];
  if (!b) return [{ host: undefined, service: a, namespace: from }];
  return [
    { host: undefined, service: a, namespace: b },
    { host: a, service: b, namespace: from },
  ];
}

/** Names and connections as pods of the cluster have them. */
export class ClusterNetwork {
  readonly #options: ClusterNetworkOptions;

  constructor(options: ClusterNetworkOptions) {
    this.#options = options;
    options.pods.addIndex('address', ({ status, spec }) => (status?.podIP && !spec.hostNetwork ? [status.podIP] : []));
  }

  /** As seen from a pod of the namespace. */
  from(namespace: string): ShellNetwork {
    return {
      resolve: (name) => this.#resolve(name, namespace),
      connect: (address, port) => this.#connect(address, port),
    };
  }

  /** A connection to a pod's port; only declared ports of running containers are listened on. */
  dial(pod: Pod, port: number): Duplex {
    const { namespace = '', name } = pod.metadata;
    const isRunning = (container: string): boolean =>
      pod.status?.containerStatuses?.some((one) => one.name === container && one.state.running !== undefined) ?? false;
    const listens = ({ ports = [] }: ContainerSpec): boolean =>
      ports.some(({ containerPort, protocol = 'TCP' }) => containerPort === port && protocol === 'TCP');
    const container = pod.spec.containers.find((one) => listens(one) && isRunning(one.name));
    if (!container) throw refused(pod.status?.podIP ?? '', port);
    const place = { namespace, pod: name, container: container.name, port, node: pod.spec.nodeName ?? '' };
    return this.#options.ports.connect(place);
  }

  async #resolve(written: string, from: string): Promise<readonly string[]> {
    const name = written.replace(/\.$/, '').toLowerCase();
    if (isAddress(name)) return [name];
    if (name === 'localhost') return ['127.0.0.1'];
    for (const { host, service, namespace } of meanings(name, from)) {
      const found = await this.#serviceAddresses(service, namespace, host);
      if (found.length > 0) return found;
    }
    return [];
  }

  async #serviceAddresses(name: string, namespace: string, host: string | undefined): Promise<readonly string[]> {
    const { configuration } = this.#options;
    const service = await configuration.find(refs.services, namespace, name);
    const ip = (service?.spec as { clusterIP?: string } | undefined)?.clusterIP; // a Service
    if (!service || (host === undefined && ip && ip !== 'None')) return ip ? [ip] : [];
    const addresses = (await this.#subsets(namespace, name)).flatMap((subset) => subset.addresses ?? []);
    return addresses.filter((one) => host === undefined || one.hostname === host).map((one) => one.ip);
  }

  async #subsets(namespace: string, name: string): Promise<readonly Subset[]> {
    const endpoints = await this.#options.configuration.find(refs.endpoints, namespace, name);
    return (endpoints?.subsets as Subset[] | undefined) ?? []; // an Endpoints
  }

  async #connect(address: string, port: number): Promise<Duplex> {
    const pod = this.#podAt(address);
    if (pod) return this.dial(pod, port);
    const service = await this.#serviceAt(address);
    if (!service) throw refused(address, port);
    const { namespace = '', name } = service.metadata;
    const { ports = [] } = service.spec as { ports?: { name?: string; port: number }[] }; // a Service
    const asked = ports.find((one) => one.port === port);
    const choices = (await this.#subsets(namespace, name)).flatMap(({ addresses = [], ports: targets = [] }) => {
      const target = targets.find((one) => (one.name ?? '') === (asked?.name ?? ''));
      return asked && target ? addresses.map(({ ip }) => ({ ip, port: target.port })) : [];
    });
    const chosen = choices[Math.floor(Math.random() * choices.length)];
    const behind = chosen && this.#podAt(chosen.ip);
    if (!chosen || !behind) throw refused(address, port);
    return this.dial(behind, chosen.port);
  }

  #podAt(address: string): Pod | undefined {
    return this.#options.pods.byIndex('address', address).find((pod) => !isFinished(pod));
  }

  async #serviceAt(address: string): Promise<ClusterObject | undefined> {
    const services = await this.#options.configuration.allServices();
    return services.find(({ spec }) => (spec as { clusterIP?: string }).clusterIP === address); // a Service
  }
}

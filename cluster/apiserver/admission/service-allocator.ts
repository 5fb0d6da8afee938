import { resourceKey } from '../storage/version.ts';
import type { StoredObject } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import type { Allocation } from '../store/write-request.ts';

const services = resourceKey('', 'services');
const ipAddresses = resourceKey('networking.k8s.io', 'ipaddresses');
const managedBy = 'ipaddress.kubernetes.io/managed-by';
const priorityClasses = resourceKey('scheduling.k8s.io', 'priorityclasses');
/** 10.96.0.0/16, without its first address (the API server's own Service) and the last. */
const range = { prefix: '10.96', first: 2, last: 65_534 };
const nodePorts = { first: 30_000, last: 32_767 };

interface ServiceFields {
  readonly metadata: unknown;
  readonly spec?: {
    readonly clusterIPs?: readonly string[];
    readonly clusterIP?: string;
    readonly healthCheckNodePort?: number;
    readonly ports?: readonly { readonly nodePort?: number }[];
  };
}

const address = (index: number): string => `${range.prefix}.${index >> 8}.${index & 0xff}`;

function isInRange(ip: string): boolean {
  const [, high, low] = /^10\.96\.(\d{1,3})\.(\d{1,3})$/.exec(ip) ?? [];
  const index = Number(high) * 256 + Number(low);
  return Number(low) <= 255 && index >= 1 && index <= range.last;
}

function valuesOf(object: ServiceFields): (string | number)[] {
  const { clusterIP, clusterIPs = [], healthCheckNodePort, ports = [] } = object.spec ?? {};
  return [clusterIP, ...clusterIPs, healthCheckNodePort, ...ports.map((port) => port.nodePort)].filter(
    (value) => value !== undefined,
  );
}

/** Cluster IPs and node ports of Services: those that are taken, and the next free ones. */
export class ServiceAllocator {
  readonly #storage: Storage;
  readonly #taken = new Set<string | number>();
  /** Addresses that somebody has written down for something else than a Service. */
  readonly #reserved = new Set<string>();
  #nextIp = range.first;
  #nextPort = nodePorts.first;

  constructor(storage: Storage) {
    this.#storage = storage;
    for (const version of storage.list(services)) this.#take(version.object());
    for (const version of storage.list(ipAddresses)) this.#reserve(version.object());
    storage.watch(ipAddresses, storage.revision, ({ type, version }) => {
      if (type === 'DELETED') this.#reserved.delete(version.key.name);
      else this.#reserve(version.object());
    });
    storage.watch(services, storage.revision, ({ type, version, previous }) => {
      if (previous) for (const value of valuesOf(previous.object())) this.#taken.delete(value);
      if (type !== 'DELETED') this.#take(version.object());
    });
  }

  /** What one write may take; `release` gives back what it took. */
  begin(dryRun: boolean): Allocation {
    const took: (string | number)[] = [];
    const take = <Value extends string | number>(value: Value | undefined): Value | undefined => {
      if (value === undefined || this.#isTaken(value)) return undefined;
      if (!dryRun) {
        this.#taken.add(value);
        took.push(value);
      }
      return value;
    };
    return {
      context: {
        allocateClusterIp: (wanted) =>
          take(wanted === undefined ? this.#freeIp() : isInRange(wanted) ? wanted : undefined),
        allocateNodePort: (wanted) => take(wanted ?? this.#freePort()),
        priorityClass: (name) => this.#priorityClass(name),
      },
      release: () => {
        for (const value of took.splice(0)) this.#taken.delete(value);
      },
    };
  }

  #take(object: ServiceFields): void {
    for (const value of valuesOf(object)) this.#taken.add(value);
  }

  /** What says that it is ours comes and goes with its Service, but a moment later. */
  #reserve({ metadata }: StoredObject): void {
    if (metadata.labels?.[managedBy] !== 'ipallocator.k8s.io') this.#reserved.add(metadata.name);
  }

  #isTaken(value: string | number): boolean {
    return this.#taken.has(value) || (typeof value === 'string' && this.#reserved.has(value));
  }

  #freeIp(): string | undefined {
    for (let tried = range.first; tried <= range.last; tried++) {
      const ip = address(this.#nextIp);
      this.#nextIp = this.#nextIp >= range.last ? range.first : this.#nextIp + 1;
      if (!this.#isTaken(ip)) return ip;
    }
    return undefined;
  }

  #freePort(): number | undefined {
    for (let tried = nodePorts.first; tried <= nodePorts.last; tried++) {
      const port = this.#nextPort;
      this.#nextPort = port >= nodePorts.last ? nodePorts.first : port + 1;
      if (!this.#taken.has(port)) return port;
    }
    return undefined;
  }

  #priorityClass(name: string): { value: number; preemptionPolicy?: string } | undefined {
    const found = name
      ? this.#storage.newest({ resource: priorityClasses, namespace: '', name })
      : this.#storage.list(priorityClasses).find((version) => version.object().globalDefault === true);
    if (!found) return undefined;
    const { value, preemptionPolicy } = found.object() as { value?: unknown; preemptionPolicy?: unknown }; // the schema has checked it
    return { value: Number(value), ...(typeof preemptionPolicy === 'string' && { preemptionPolicy }) };
  }
}

import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import {
  type Endpoints,
  isMirrored,
  managedBy,
  mirroringManager,
  mirrorsOf,
  serviceName,
  shapeOf,
} from './mirrored-slices.ts';
import type { Service } from './pod-endpoint.ts';

const mirrored = 'mirrored service';

/** Writes EndpointSlices beside Endpoints that users keep by hand, for services without a selector. */
export function mirroringController(context: ControllerContext): Controller {
  return new Mirrors(context).controller;
}

class Mirrors {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #services: Informer<Service>;
  readonly #endpoints: Informer<Endpoints>;
  readonly #slices: Informer;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.#services = informers.of<Service>(refs.services);
    this.#endpoints = informers.of<Endpoints>(refs.endpoints);
    this.#slices = informers.of(refs.endpointSlices).addIndex(mirrored, mirroredKeys);
    this.controller = new QueueController(context, { name: 'mirroring', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#services, (service) => [keyOf(service)]);
    this.controller.feed(this.#endpoints, (endpoints) => (this.#isOurs(endpoints) ? [keyOf(endpoints)] : []));
    this.controller.feed(this.#slices, mirroredKeys);
  }

  // Most Endpoints follow a selector, and change with every pod.
  #isOurs({ metadata }: Endpoints): boolean {
    return metadata.labels?.['endpoints.kubernetes.io/managed-by'] !== 'endpoint-controller';
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const service = this.#services.get(namespace, name);
    const endpoints = this.#endpoints.get(namespace, name);
    const known = this.#slices.byIndex(mirrored, key);
    const isWanted =
      service !== undefined && !service.spec.selector && endpoints !== undefined && isMirrored(endpoints);
    const wanted = isWanted && !endpoints.metadata.deletionTimestamp ? mirrorsOf(endpoints) : [];
    const left = new Map(known.map((slice) => [shapeOf(slice), slice]));
    for (const slice of wanted) {
      await this.#write(left.get(shapeOf(slice)), slice);
      left.delete(shapeOf(slice));
    }
    for (const slice of known) if ([...left.values()].includes(slice)) await this.#delete(slice);
  }

  async #write(known: ClusterObject | undefined, wanted: ClusterObject): Promise<void> {
    const { client } = this.#context;
    if (!known) return this.#slices.observe(await client.create(refs.endpointSlices, wanted));
    const { labels, annotations, ownerReferences } = wanted.metadata;
    const content = (slice: ClusterObject): unknown => [
      slice['endpoints'],
      slice.metadata.labels,
      slice.metadata.annotations,
    ];
    if (canonical(content(known)) === canonical(content(wanted))) return;
    const metadata = { ...known.metadata, labels, annotations, ownerReferences };
    this.#slices.observe(await client.update(refs.endpointSlices, { ...wanted, metadata }));
  }

  async #delete({ metadata }: ClusterObject): Promise<void> {
    const { namespace, name, uid } = metadata;
    await this.#context.client.delete(refs.endpointSlices, namespace, name, { uid }).catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  }
}

function mirroredKeys({ metadata }: ClusterObject): string[] {
  if (metadata.labels?.[managedBy] !== mirroringManager) return [];
  return [keyFrom(metadata.namespace, metadata.labels[serviceName] ?? '')];
}

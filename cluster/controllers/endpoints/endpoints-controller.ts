import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { asController } from '../../reconcile/controller-account.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { hasLabels } from '../../reconcile/selectors.ts';
import { endpointsObject, sliceContents, sliceObject } from './endpoints-objects.ts';
import { endpointsOf, lastChange, type PodEndpoint, type Service } from './pod-endpoint.ts';

/** Keeps the Endpoints and EndpointSlices of each service with a selector in step with its pods. */
export function endpointsController(context: ControllerContext): Controller {
  return new ServiceEndpoints(context).controller;
}

type Slice = ClusterObject & { endpoints?: unknown[]; ports?: unknown[] };

class ServiceEndpoints {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #endpoints: Informer;
  readonly #slices: Informer<Slice>;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.#services = informers.of<Service>(refs.services).addIndex('namespace', namespaceOf);
    this.#pods = informers.of<Pod>(refs.pods).addIndex('namespace', namespaceOf);
    this.#endpoints = informers.of(refs.endpoints);
    this.#slices = informers.of<Slice>(refs.endpointSlices).addIndex('service', (slice) => [serviceKeyOf(slice)]);
    this.controller = new QueueController(context, { name: 'endpoints', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#services, (service) => [keyOf(service)]);
    this.controller.feed(this.#pods, (pod) => this.#servicesOf(pod));
    this.controller.feed(this.#endpoints, (endpoints) => [keyOf(endpoints)]);
    this.controller.feed(this.#slices, (slice) => [serviceKeyOf(slice)]);
  }

  #servicesOf(pod: Pod): string[] {
    const services = this.#services.byIndex('namespace', pod.metadata.namespace ?? '');
    return services.filter((service) => selects(service, pod)).map(keyOf);
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const service = this.#services.get(namespace, name);
    if (!service) return this.#removeEndpoints(namespace, name);
    if (!service.spec.selector || service.metadata.deletionTimestamp) return;
    const pods = this.#pods.byIndex('namespace', namespace ?? '').filter((pod) => selects(service, pod));
    const endpoints = endpointsOf(service, pods);
    await this.#writeEndpoints(service, endpoints);
    await this.#writeSlices(service, endpoints);
  }

  // Slices go with their owner; Endpoints have none and are removed when we made them.
  async #removeEndpoints(namespace: string | undefined, name: string): Promise<void> {
    const known = this.#endpoints.get(namespace, name);
    if (known?.metadata.labels?.['endpoints.kubernetes.io/managed-by'] !== 'endpoint-controller') return;
    await this.#context.client.delete(refs.endpoints, namespace, name, { uid: known.metadata.uid });
  }

  async #writeEndpoints(service: Service, endpoints: readonly PodEndpoint[]): Promise<void> {
    const { client } = this.#context;
    const wanted = endpointsObject(service, endpoints);
    const known = this.#endpoints.get(service.metadata.namespace, service.metadata.name);
    if (!known) {
      this.#endpoints.observe(await client.create(refs.endpoints, wanted));
      return;
    }
    const same = canonical(known.subsets ?? []) === canonical(wanted.subsets);
    if (same && hasLabels(known.metadata.labels, wanted.metadata.labels)) return;
    const { labels, annotations } = wanted.metadata;
    const metadata = { ...known.metadata, labels, annotations: { ...known.metadata.annotations, ...annotations } };
    this.#endpoints.observe(await client.update(refs.endpoints, { ...wanted, metadata }));
  }

  async #writeSlices(service: Service, endpoints: readonly PodEndpoint[]): Promise<void> {
    const client = asController(this.#context.client, 'endpointslice-controller');
    const trigger = lastChange(service, endpoints);
    const contents = sliceContents(endpoints);
    if (contents.length === 0) contents.push({ endpoints: [], ports: [] });
    const known = this.#slices
      .byIndex('service', keyOf(service))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const [i, content] of contents.entries()) {
      const slice = known[i];
      if (!slice) {
        this.#slices.observe(await client.create(refs.endpointSlices, sliceObject(service, content, trigger)));
      } else if (canonical(contentOf(slice)) !== canonical(content)) {
        const fresh = sliceObject(service, content, trigger);
        const { labels, annotations } = fresh.metadata;
        const metadata = { ...slice.metadata, labels, annotations: { ...slice.metadata.annotations, ...annotations } };
        this.#slices.observe(await client.update(refs.endpointSlices, structuredClone({ ...fresh, metadata })));
      }
    }
    for (const { metadata } of known.slice(contents.length)) {
      await client
        .delete(refs.endpointSlices, metadata.namespace, metadata.name, { uid: metadata.uid })
        .catch((error: unknown) => {
          if (!isApiError(error, 'NotFound')) throw error;
        });
    }
  }
}

const namespaceOf = ({ metadata }: ClusterObject): string[] => [metadata.namespace ?? ''];

function selects(service: Service, pod: Pod): boolean {
  const { selector } = service.spec;
  return selector !== undefined && Object.keys(selector).length > 0 && hasLabels(pod.metadata.labels, selector);
}

function serviceKeyOf({ metadata }: ClusterObject): string {
  const managed = metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io';
  return managed ? `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}` : '';
}

function contentOf({ endpoints, ports }: Slice): { endpoints: unknown[]; ports: unknown[] } {
  return { endpoints: endpoints ?? [], ports: ports ?? [] };
}

import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { asController } from '../../reconcile/controller-account.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { Change, Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { isReady, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { hasLabels } from '../../reconcile/selectors.ts';
import { changedSlice, endpointsObject, newSlice, sliceGroups, sliceLabels } from './endpoints-objects.ts';
import { endpointsOf, lastChange, type PodEndpoint, type Service } from './pod-endpoint.ts';
import { planSlices, type Slice } from './slice-plan.ts';

/** Keeps the Endpoints and EndpointSlices of each service with a selector in step with its pods. */
export function endpointsController(context: ControllerContext): Controller {
  return new ServiceEndpoints(context).controller;
}

// Changes of pods are gathered the longer the more pods there are: a second at 5,000, no time below a hundred.
const gathering = { fromPods: 100, msPerPod: 0.2, mostMs: 1_000 };

class ServiceEndpoints {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #endpoints: Informer;
  readonly #slices: Informer<Slice>;
  /** True while an answer to a write of ours is taken in: it needs no second look. */
  #observing = false;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.#services = informers.of<Service>(refs.services).addIndex('namespace', namespaceOf);
    this.#pods = informers.of<Pod>(refs.pods).addIndex('namespace', namespaceOf);
    this.#endpoints = informers.of(refs.endpoints);
    this.#slices = informers.of<Slice>(refs.endpointSlices).addIndex('service', (slice) => [serviceKeyOf(slice)]);
    this.controller = new QueueController(context, { name: 'endpoints', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#services, (service) => [keyOf(service)]);
    this.controller.feed(this.#endpoints, (endpoints) => (this.#observing ? [] : [keyOf(endpoints)]));
    this.controller.feed(this.#slices, (slice) => (this.#observing ? [] : [serviceKeyOf(slice)]));
    this.#pods.onChange((change) => this.#seePod(change));
  }

  #seePod({ before, after }: Change<Pod>): void {
    if (before && after && !matters(before, after)) return;
    const states = [before, after].filter((pod) => pod !== undefined);
    for (const key of new Set(states.flatMap((pod) => this.#servicesOf(pod)))) {
      const pods = this.#pods.countByIndex('namespace', splitKey(key).namespace ?? '');
      const delayMs = Math.min(gathering.mostMs, pods * gathering.msPerPod);
      this.controller.addSoon(key, pods < gathering.fromPods ? 0 : delayMs);
    }
  }

  #observe(informer: Pick<Informer, 'observe'>, written: ClusterObject): void {
    this.#observing = true;
    informer.observe(written);
    this.#observing = false;
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
      this.#observe(this.#endpoints, await client.create(refs.endpoints, wanted));
      return;
    }
    const same = canonical(known.subsets ?? []) === canonical(wanted.subsets);
    if (same && hasLabels(known.metadata.labels, wanted.metadata.labels)) return;
    const { labels, annotations } = wanted.metadata;
    const metadata = { ...known.metadata, labels, annotations: { ...known.metadata.annotations, ...annotations } };
    this.#observe(this.#endpoints, await client.update(refs.endpoints, { ...wanted, metadata }));
  }

  async #writeSlices(service: Service, endpoints: readonly PodEndpoint[]): Promise<void> {
    const client = asController(this.#context.client, 'endpointslice-controller');
    const trigger = lastChange(service, endpoints);
    const labels = canonical(sliceLabels(service));
    const known = this.#slices.byIndex('service', keyOf(service)).filter(({ metadata }) => !metadata.deletionTimestamp);
    const plan = planSlices(known, sliceGroups(endpoints));
    const touched = new Set([...plan.update.map(({ slice }) => slice), ...plan.delete]);
    const relabelled = known
      .filter((slice) => !touched.has(slice) && canonical(slice.metadata.labels) !== labels)
      .map((slice) => ({ slice, endpoints: slice.endpoints ?? [] }));
    await Promise.all([
      ...plan.create.map(async (content) => {
        this.#observe(this.#slices, await client.create(refs.endpointSlices, newSlice(service, content, trigger)));
      }),
      ...[...plan.update, ...relabelled].map(async ({ slice, endpoints: next }) => {
        const changed = changedSlice(slice, service, { endpoints: next, trigger });
        this.#observe(this.#slices, await client.update(refs.endpointSlices, changed));
      }),
      ...plan.delete.map((slice) => this.#deleteSlice(client, slice)),
    ]);
  }

  async #deleteSlice(client: ClusterClient, slice: Slice): Promise<void> {
    const { namespace, name, uid } = slice.metadata;
    try {
      await client.delete(refs.endpointSlices, namespace, name, { uid });
      this.#slices.expectDeletion(slice);
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
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

/** Does a change of the pod change an endpoint? Most changes of a pod's status do not. */
function matters(before: Pod, after: Pod): boolean {
  return facts(before) !== facts(after);
}

function facts(pod: Pod): string {
  const { labels, deletionTimestamp, uid } = pod.metadata;
  const { podIP, phase } = pod.status ?? {};
  const isGoing = deletionTimestamp !== undefined;
  return JSON.stringify([uid, labels, isGoing, podIP, isReady(pod), phase, pod.spec.nodeName]);
}

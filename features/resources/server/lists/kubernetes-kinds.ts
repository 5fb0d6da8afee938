import { kinds, type Facet, type ResourceType } from '@kit/kube';
import type { Filter } from '@kit/kube/listing';
import { claimEnrichment, nodeEnrichment } from '../enrich/enriched-kinds.ts';
import { shareFacet } from '../enrich/node-sums.ts';
import { searchFacet } from '../search/search-text.ts';
import { searchedKinds } from '../search/searched-kinds.ts';
import * as filters from './kind-filters.ts';
import type { ListedKind } from './listed-kind.ts';
import { printedSorts } from './printed-sorts.ts';
import { serviceFilter } from './service-filter.ts';

const { status, field, fieldFacet, equals, statusFacet } = filters;

type More = Omit<ListedKind, 'type'>;

const listed = (type: ResourceType, more: More = {}): ListedKind => {
  const printed = printedSorts(type.plural);
  return {
    type,
    ...more,
    filters: { fieldSelector: filters.fieldSelector, ...more.filters },
    sorts: { ...printed.sorts, ...more.sorts },
    facets: [...printed.facets, ...(more.facets ?? []), ...(searchedKinds.includes(type.plural) ? [searchFacet] : [])],
  };
};

/** Kinds that have a state, by which they are filtered, sorted and counted. */
export const withStatus = (type: ResourceType, more: More = {}): ListedKind =>
  listed(type, {
    ...more,
    filters: { ...more.filters, status: status(type.plural) },
    sorts: { ...more.sorts, status: filters.statusOrder(type.plural) },
    facets: [...(more.facets ?? []), statusFacet(type.plural)],
  });

const nodeName = fieldFacet('spec.nodeName');
const phase = fieldFacet('status.phase');
const involvedUid = fieldFacet('involvedObject.uid');
const storageClass = (): { filters: Record<string, Filter>; facets: Facet[] } => {
  const facet = fieldFacet('spec.storageClassName');
  return { filters: { storageClassName: equals(facet) }, facets: [facet] };
};

const pods = withStatus(kinds.pods, {
  filters: { nodeName: equals(nodeName), phase: equals(phase), pvcName: filters.podUsesClaim },
  facets: [nodeName, phase, filters.claimsFacet, shareFacet],
  related: ({ parts, namespace }) => ({ serviceName: serviceFilter(parts.views, namespace) }),
  reads: (query) => (query['serviceName'] === undefined ? [] : [kinds.services]),
});

const events = listed(kinds.events, {
  filters: {
    type: field('type'),
    reason: field('reason'),
    involvedObjectUid: equals(involvedUid),
    involvedObjectKind: field('involvedObject.kind'),
    involvedObjectName: field('involvedObject.name'),
  },
  sorts: { lastTimestamp: (row) => row.value(filters.eventTimeFacet) },
  facets: [involvedUid, filters.eventTimeFacet],
});

/** The kinds every Kubernetes has. */
export const kubernetesKinds: readonly ListedKind[] = [
  withStatus(kinds.deployments),
  withStatus(kinds.statefulsets),
  withStatus(kinds.daemonsets),
  withStatus(kinds.jobs),
  withStatus(kinds.cronjobs),
  pods,
  listed(kinds.replicasets),
  listed(kinds.controllerrevisions),
  listed(kinds.services, { filters: { type: field('spec.type') } }),
  listed(kinds.endpoints),
  listed(kinds.endpointslices),
  listed(kinds.ingresses),
  listed(kinds.ingressclasses),
  listed(kinds.networkpolicies),
  listed(kinds.configmaps),
  listed(kinds.secrets, { filters: { type: field('type') }, guarded: true }),
  listed(kinds.serviceaccounts),
  events,
  withStatus(kinds.persistentvolumeclaims, { ...storageClass(), ...claimEnrichment }),
  withStatus(kinds.persistentvolumes, storageClass()),
  listed(kinds.storageclasses),
  listed(kinds.horizontalpodautoscalers),
  listed(kinds.poddisruptionbudgets),
  listed(kinds.limitranges),
  listed(kinds.resourcequotas),
  withStatus(kinds.nodes, nodeEnrichment),
  withStatus(kinds.namespaces),
  listed(kinds.customresourcedefinitions),
];

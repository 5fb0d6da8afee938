import type { Facet } from '../facet.ts';
import type { Row, SortKey } from '../view-api.ts';
import { labelSelector } from './label-selector.ts';
import { factsOf } from './row-facts.ts';

/** Makes the predicate of a filter parameter from its value; throws `BadRequest` for a value it cannot read. */
export type Filter = (value: string, parameter: string) => (row: Row) => boolean;

const aliasAnnotation = 'kubesphere.io/alias-name';
const annotationsOf = (row: Row): Readonly<Record<string, string>> => row.object().metadata.annotations ?? {};

/** The display name that annotation gives an object; '' without one. */
export const aliasFacet: Facet<string> = {
  name: 'alias',
  of: ({ metadata }) => metadata.annotations?.[aliasAnnotation] ?? '',
};

/** Parses a row only when its bytes hold `text`: a filter on one annotation reads few objects. */
function mentions(row: Row, text: string): boolean {
  return Buffer.from(row.json.buffer, row.json.byteOffset, row.json.byteLength).includes(text);
}

function byNames(value: string): (row: Row) => boolean {
  const names = new Set(value.split(','));
  return (row) => names.has(row.name);
}

function byLabels(value: string, parameter: string): (row: Row) => boolean {
  const selects = labelSelector(value, parameter);
  return (row) => selects(row.labels);
}

const none: Readonly<Record<string, string>> = {};

/** Rows without annotations are not parsed. */
function byAnnotations(value: string, parameter: string): (row: Row) => boolean {
  const selects = labelSelector(value, parameter);
  return (row) => selects(mentions(row, '"annotations":') ? annotationsOf(row) : none);
}

/** The filters of every kind (KubeSphere 3.4, resources v1alpha3). */
export const generalFilters: Readonly<Record<string, Filter>> = {
  name: (value) => (row) => row.name.includes(value),
  names: byNames,
  alias: (value) => (row) => row.value(aliasFacet).includes(value),
  uid: (value) => (row) => row.uid === value,
  namespace: (value) => (row) => row.namespace === value,
  ownerReference: (value) => (row) => mentions(row, value) && factsOf(row).owners.some((owner) => owner.uid === value),
  ownerKind: (value) => (row) => factsOf(row).owners.some((owner) => owner.kind === value),
  label: byLabels,
  labelSelector: byLabels,
  annotation: byAnnotations,
};

const created: SortKey = (row) => row.createdMs;
const updated: SortKey = (row) => factsOf(row).updatedMs;

/** The sort parameters of every kind. */
export const generalSorts: Readonly<Record<string, SortKey>> = {
  name: (row) => row.name,
  namespace: (row) => row.namespace,
  creationTimestamp: created,
  createTime: created,
  updateTime: updated,
  lastUpdateTimestamp: updated,
};

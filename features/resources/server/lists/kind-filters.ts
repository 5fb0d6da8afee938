import { ApiError } from '@kit/base';
import type { Facet, KubeObject, Row } from '@kit/kube';
import type { Filter, SortKey } from '@kit/kube/listing';
import { matchesStatus, states, statusOf, type ObjectStatus } from '../../contract/index.ts';
import { readField } from '../../rules/read-field.ts';

const kept = new Map<string, ObjectStatus>(); // one object for each of the few dozen statuses there are

function shared(status: ObjectStatus): ObjectStatus {
  const key = `${status.state} ${status.word}`;
  const known = kept.get(key);
  if (known) return known;
  kept.set(key, status);
  return status;
}

const facets = new Map<string, Facet<ObjectStatus>>(); // one for each kind that has a status

/** The status of the objects of a kind, derived once for each version of an object. */
export function statusFacet(plural: string): Facet<ObjectStatus> {
  const known = facets.get(plural);
  if (known) return known;
  const facet: Facet<ObjectStatus> = {
    name: `status of ${plural}`,
    of: (object) => shared(statusOf(plural, object) ?? { state: 'unknown', word: '' }),
  };
  facets.set(plural, facet);
  return facet;
}

/** The status of a row's object. */
export function rowStatus(plural: string, row: Row): ObjectStatus {
  return row.value(statusFacet(plural));
}

/** `status`: one word, or several with commas, of the platform's states or KubeSphere's words for the kind. */
export function status(plural: string): Filter {
  const facet = statusFacet(plural);
  return (value) => {
    const wanted = value.split(',');
    return (row) => wanted.some((word) => matchesStatus(row.value(facet), word));
  };
}

/** Sorts what needs attention first. */
export function statusOrder(plural: string): SortKey {
  const facet = statusFacet(plural);
  return (row) => states.indexOf(row.value(facet).state);
}

/** The text at a dotted path of an object; '' where there is none. */
export function fieldFacet(path: string): Facet<string> {
  return { name: path, of: (object) => readField(object, path) ?? '' };
}

/** A filter that compares the whole value of a facet. */
export function equals(facet: Facet<string>): Filter {
  return (value) => (row) => row.value(facet) === value;
}

/** The field at a path equals the value. Rows whose bytes do not hold the value are not parsed. */
export function field(path: string): Filter {
  return (value) => {
    const isText = /^[\w ./:-]+$/.test(value);
    return (row) => {
      const bytes = Buffer.from(row.json.buffer, row.json.byteOffset, row.json.byteLength);
      if (isText && !bytes.includes(value)) return false;
      return readField(row.object(), path) === value;
    };
  };
}

/** One of the texts in the list at a path. */
export function listed(path: string, wanted: boolean): Filter {
  return (value) => (row) => listAt(row.object(), path).includes(value) === wanted;
}

function listAt(object: KubeObject, path: string): readonly unknown[] {
  let value: unknown = object;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part]; // cast: only read where there is something
  return Array.isArray(value) ? (value as unknown[]) : []; // cast: a list of anything
}

const clause = /^([^=!]+)(==|!=|=)(.*)$/;

/** `fieldSelector`: paths compared with `=`, `==` or `!=`, joined with commas. */
export const fieldSelector: Filter = (value, parameter) => {
  const tests = value.split(',').map((text) => {
    const [, path, operator, wanted] = clause.exec(text.trim()) ?? [];
    if (path === undefined)
      throw new ApiError('BadRequest', `${parameter}: cannot read "${text}"; write path=value or path!=value`);
    return { path, equal: operator !== '!=', wanted };
  });
  return (row) => {
    const object = row.object();
    return tests.every(({ path, equal, wanted }) => (readField(object, path) === wanted) === equal);
  };
};

interface WithVolumes {
  readonly spec?: {
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName?: string } }[];
  };
}

const noClaims: readonly string[] = [];

/** The claims that a pod mounts. */
export const claimsFacet: Facet<readonly string[]> = {
  name: 'claims',
  of: (pod) => {
    const { spec } = pod as WithVolumes; // cast: only pods have this facet
    const names = spec?.volumes?.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []) ?? [];
    return names.length > 0 ? names : noClaims;
  },
};

export const podUsesClaim: Filter = (value) => (row) => row.value(claimsFacet).includes(value);

/** When an event was last seen, by whichever of its three times is filled in. */
export const eventTimeFacet: Facet<number> = {
  name: 'last seen',
  of: (object) => {
    const event = object as { lastTimestamp?: string; eventTime?: string; series?: { lastObservedTime?: string } }; // cast: only events have this facet
    const text =
      event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? object.metadata.creationTimestamp;
    return Date.parse(text ?? '') || 0;
  },
};

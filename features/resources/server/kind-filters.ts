import { ApiError } from '@kit/base';
import type { Row } from '@kit/kube';
import type { Filter, SortKey } from '@kit/kube/listing';
import { matchesStatus, states, statusOf, type ObjectStatus } from '../contract/index.ts';
import { readField } from '../rules/read-field.ts';

const statuses = new WeakMap<Row, ObjectStatus>(); // a memo keyed by immutable rows: nobody can see it but by the time saved

/** The status of a row's object, derived once per version of the object. */
export function rowStatus(plural: string, row: Row): ObjectStatus {
  const memo = statuses.get(row);
  if (memo) return memo;
  const derived = statusOf(plural, row.object()) ?? { state: 'unknown', word: '' };
  statuses.set(row, derived);
  return derived;
}

/** `status`: one word, or several with commas, of the platform's states or KubeSphere's words for the kind. */
export function status(plural: string): Filter {
  return (value) => {
    const wanted = value.split(',');
    return (row) => wanted.some((word) => matchesStatus(rowStatus(plural, row), word));
  };
}

/** Sorts what needs attention first. */
export function statusOrder(plural: string): SortKey {
  return (row) => states.indexOf(rowStatus(plural, row).state);
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

export const podUsesClaim: Filter = (value) => (row) => {
  const { spec } = row.object() as WithVolumes; // cast: only pods get this filter
  return spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === value) ?? false;
};

/** When an event was last seen, by whichever of its three times is filled in. */
export const eventTime: SortKey = (row) => {
  const event = row.object() as { lastTimestamp?: string; eventTime?: string; series?: { lastObservedTime?: string } }; // cast: only events get this sort
  const text = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return text ? Date.parse(text) : row.createdMs;
};

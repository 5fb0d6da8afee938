import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import { parseFieldSelector } from './field-selector.ts';
import type { FieldRequirement } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';
import { readObject } from './stored-object.ts';

/** Which objects of a kind a list, watch or deletecollection is about. */
export interface Selection {
  readonly kind: KindInfo;
  /** `undefined` = all namespaces; '' for kinds without. */
  readonly namespace: string | undefined;
  /** True when a label or field selector narrows it: such lists do not tell how many are left. */
  readonly narrowed: boolean;
  includes(version: Version): boolean;
}

function fields(kind: KindInfo, version: Version): Readonly<Record<string, string>> {
  return (version.fieldLabels ??= kind.strategy.fieldLabels(readObject(kind, version)));
}

/** Name and namespace are known without reading the object. */
function valueOf(kind: KindInfo, version: Version, label: string): string {
  if (label === 'metadata.name') return version.key.name;
  if (label === 'metadata.namespace') return version.key.namespace;
  return fields(kind, version)[label] ?? '';
}

export interface SelectionQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Parses the selectors; throws `BadRequest` when they make no sense for the kind. */
export function select(kind: KindInfo, query: SelectionQuery): Selection {
  const labels = parseLabelSelector(query.labelSelector ?? '');
  const requirements: FieldRequirement[] = parseFieldSelector(query.fieldSelector ?? '', kind);
  const { namespace } = query;
  return {
    kind,
    namespace,
    narrowed: !labels.empty || requirements.length > 0,
    includes: (version) =>
      (namespace === undefined || version.key.namespace === namespace) &&
      requirements.every(({ label, value, negated }) => (valueOf(kind, version, label) === value) !== negated) &&
      (labels.empty || labels.matches(version.labels)),
  };
}

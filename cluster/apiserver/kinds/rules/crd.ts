import type { ClusterObject } from '../../../client.ts';
import type { KindRules } from '../kind-rules.ts';
import { finalizerWarnings } from '../validation/object-meta.ts';
import { validateCrd, validateCrdUpdate } from '../validation/crd.ts';
import { items, record, setDefault, setDefaults, specOf, textOf } from './set-default.ts';

function defaultCrd(crd: ClusterObject): void {
  const spec = specOf(crd);
  const names = record(spec['names']);
  const kind = textOf(names?.['kind'] ?? '');
  if (names && kind) setDefaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  spec['conversion'] ??= { strategy: 'None' };
  const service = record(record(record(record(spec['conversion'])?.['webhook'])?.['clientConfig'])?.['service']);
  if (service) setDefault(service, 'port', 443);
}

/** Versions objects are, or ever were, stored in. */
function storedVersions(crd: ClusterObject): string[] {
  return items(specOf(crd)['versions'])
    .filter(({ storage }) => storage === true)
    .map(({ name }) => textOf(name));
}

export const crdRules: Readonly<Record<string, KindRules>> = {
  'apiextensions.k8s.io/CustomResourceDefinition': {
    generation: true,
    allowUnconditionalUpdate: false,
    defaults: defaultCrd,
    warnings: finalizerWarnings,
    validate: validateCrd,
    validateUpdate: validateCrdUpdate,
    prepareForCreate(crd) {
      crd['status'] = { storedVersions: storedVersions(crd) };
    },
    prepareForUpdate(next) {
      const status = (record(next['status']) ?? (next['status'] = {})) as { storedVersions?: string[] }; // by the schema of the kind
      const known = status.storedVersions ?? [];
      status.storedVersions = [...known, ...storedVersions(next).filter((version) => !known.includes(version))];
    },
  },
};

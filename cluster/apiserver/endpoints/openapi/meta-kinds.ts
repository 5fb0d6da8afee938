import type { JsonObject } from '../../schema/schema.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** Kinds of the machinery that every group version has under its own name. */
const everywhere = new Map([
  [`${meta}.DeleteOptions`, 'DeleteOptions'],
  [`${meta}.WatchEvent`, 'WatchEvent'],
]);

/** Every group version that Kubernetes 1.36 has ever given these kinds, served or not. */
const groupVersions = [
  ' v1',
  'admission.k8s.io v1 v1beta1',
  'admissionregistration.k8s.io v1 v1alpha1 v1beta1',
  'apiextensions.k8s.io v1 v1beta1',
  'apiregistration.k8s.io v1 v1beta1',
  'apps v1 v1beta1 v1beta2',
  'authentication.k8s.io v1 v1alpha1 v1beta1',
  'authorization.k8s.io v1 v1beta1',
  'autoscaling v1 v2',
  'batch v1 v1beta1',
  'certificates.k8s.io v1 v1alpha1 v1beta1',
  'coordination.k8s.io v1 v1alpha2 v1beta1',
  'discovery.k8s.io v1 v1beta1',
  'events.k8s.io v1 v1beta1',
  'extensions v1beta1',
  'flowcontrol.apiserver.k8s.io v1 v1beta1 v1beta2 v1beta3',
  'imagepolicy.k8s.io v1alpha1',
  'internal.apiserver.k8s.io v1alpha1',
  'networking.k8s.io v1 v1beta1',
  'node.k8s.io v1 v1alpha1 v1beta1',
  'policy v1 v1beta1',
  'rbac.authorization.k8s.io v1 v1alpha1 v1beta1',
  'resource.k8s.io v1 v1alpha3 v1beta1 v1beta2',
  'scheduling.k8s.io v1 v1alpha2 v1beta1',
  'storage.k8s.io v1 v1alpha1 v1beta1',
  'storagemigration.k8s.io v1beta1',
].flatMap((line) => {
  const [group = '', ...versions] = line.split(' ');
  return versions.map((version) => ({ group, version }));
});

/** Those that the part of the server that serves custom kinds does not know. */
const unknownToCustom = new Set([
  'admission.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'imagepolicy.k8s.io',
]);

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Under which group versions a document lists them: that of version 2, of custom kinds, or of one built-in version. */
export function metaKindVersions(document: 'whole' | 'custom' | GroupVersion): readonly GroupVersion[] {
  if (document === 'whole') return groupVersions;
  if (document === 'custom') return groupVersions.filter(({ group }) => !unknownToCustom.has(group));
  const core = { group: '', version: 'v1' };
  const { group, version } = document;
  return group === '' ? [core] : [core, { group, version }];
}

/** The schemas with those of such kinds saying under which group versions they are known. */
export function withMetaKinds(schemas: JsonObject, versions: readonly GroupVersion[]): JsonObject {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const kind = everywhere.get(name);
    if (!kind) return [name, schema] as const;
    const kinds = versions.map(({ group, version }) => ({ group, kind, version }));
    return [name, { ...(schema as JsonObject), 'x-kubernetes-group-version-kind': kinds }] as const; // every schema is an object
  });
  return Object.fromEntries(entries);
}

import { kinds, type KubeObject, type ResourceType } from '@kit/kube';
import type { Definition } from './installation.ts';

function typeOfDefinition({ spec }: Definition): ResourceType {
  const version = spec.versions.find(({ storage }) => storage)?.name ?? spec.versions[0]?.name ?? '';
  const { kind, plural } = spec.names;
  return { group: spec.group, version, kind, plural, namespaced: spec.scope === 'Namespaced' };
}

/** The types that definitions bring, each once. */
export function definedTypes(definitions: readonly KubeObject[]): ResourceType[] {
  return definitions.map((definition) => typeOfDefinition(definition as Definition)); // cast: installations list definitions only
}

/** Finds the type of an object among the cluster's own kinds and the defined ones. */
export function typeFinder(definitions: readonly KubeObject[]): (object: KubeObject) => ResourceType {
  const types = [...Object.values<ResourceType>(kinds), ...definedTypes(definitions)];
  return ({ apiVersion, kind }) => {
    const group = apiVersion.includes('/') ? apiVersion.split('/', 1)[0] : '';
    const found = types.find((type) => type.kind === kind && type.group === group);
    if (!found)
      throw new Error(`a feature installs a ${kind} of ${apiVersion}, which no feature and no cluster defines`);
    return found;
  };
}

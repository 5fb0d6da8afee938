import { readData } from '../../data/read-data.ts';

const names = new Map<string, ReadonlyMap<string, string>>();

/** Fields of JSONSchemaProps whose JSON names no identifier can have. */
const schemaProps: Readonly<Record<string, string>> = {
  schema: '$schema',
  ref: '$ref',
  xKubernetesPreserveUnknownFields: 'x-kubernetes-preserve-unknown-fields',
  xKubernetesEmbeddedResource: 'x-kubernetes-embedded-resource',
  xKubernetesIntOrString: 'x-kubernetes-int-or-string',
  xKubernetesListMapKeys: 'x-kubernetes-list-map-keys',
  xKubernetesListType: 'x-kubernetes-list-type',
  xKubernetesMapType: 'x-kubernetes-map-type',
  xKubernetesValidations: 'x-kubernetes-validations',
};

/** The JSON name of a protobuf field; undefined for a struct that Go embeds, whose fields stand in its owner. */
export function jsonFieldName(message: string, field: string): string | undefined {
  if (message.endsWith('.JSONSchemaProps')) return schemaProps[field] ?? field;
  const properties = propertiesOf(message);
  return properties ? properties.get(field.toLowerCase()) : field;
}

/** JSON names by lower-case name; undefined for messages without a schema, whose fields keep their names. */
function propertiesOf(message: string): ReadonlyMap<string, string> | undefined {
  const known = names.get(message);
  if (known) return known;
  const name = message
    .replace(/^k8s\.io\./, 'io.k8s.')
    .replace('apiextensions_', 'apiextensions-')
    .replace('kube_', 'kube-');
  const properties = readData('schemas.json')[name]?.['properties'];
  if (!properties) return undefined;
  const made = new Map(Object.keys(properties).map((property) => [property.toLowerCase(), property]));
  names.set(message, made);
  return made;
}

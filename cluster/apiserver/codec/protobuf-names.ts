import { readData } from '../../data/read-data.ts';
import { schemaNameOfMessage } from './protobuf-messages.ts';

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

/**
 * The JSON name of a protobuf field; undefined for a struct that Go embeds, whose fields stand in its owner. `owner` is
 * the schema an embedded message is looked up in.
 */
export function jsonFieldName(message: string, field: string, owner?: string): string | undefined {
  if (message.endsWith('.JSONSchemaProps')) return schemaProps[field] ?? field;
  const properties = propertiesOf(message) ?? (owner === undefined ? undefined : propertiesOfSchema(owner));
  return properties ? properties.get(field.toLowerCase()) : field;
}

/** JSON names by lower-case name; undefined for messages without a schema, whose fields keep their names. */
function propertiesOf(message: string): ReadonlyMap<string, string> | undefined {
  return propertiesOfSchema(schemaNameOfMessage(message));
}

function propertiesOfSchema(name: string): ReadonlyMap<string, string> | undefined {
  const known = names.get(name);
  if (known) return known;
  const properties = readData('schemas.json')[name]?.['properties'];
  if (!properties) return undefined;
  const made = new Map(Object.keys(properties).map((property) => [property.toLowerCase(), property]));
  names.set(name, made);
  return made;
}

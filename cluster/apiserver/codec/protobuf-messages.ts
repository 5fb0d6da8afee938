import type { ProtobufField } from '../../data/read-data.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';

/** Messages of the API machinery that belong to no kind of the API. */
export const metadataMessages: Readonly<Record<string, Readonly<Record<string, ProtobufField>>>> = {
  [`${meta}.PartialObjectMetadata`]: { metadata: [1, 'opt', 'ObjectMeta'] },
  [`${meta}.PartialObjectMetadataList`]: {
    metadata: [1, 'opt', 'ListMeta'],
    items: [2, 'rep', 'PartialObjectMetadata'],
  },
};

/** `io.k8s.api.core.v1.Pod` is the schema of the message `k8s.io.api.core.v1.Pod`. */
export function messageNameOf(schemaName: string): string {
  return schemaName.replace(/^io\.k8s\./, 'k8s.io.').replaceAll('-', '_');
}

/** The schema of a message, whether or not there is one of that name. */
export function schemaNameOfMessage(message: string): string {
  return message
    .replace(/^k8s\.io\./, 'io.k8s.')
    .replace('apiextensions_', 'apiextensions-')
    .replace('kube_', 'kube-');
}

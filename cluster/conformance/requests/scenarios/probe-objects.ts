/** The namespace of all scenarios. */
export const space = 'probe';

/** Where its core objects and workloads are. */
export const core = `/api/v1/namespaces/${space}`;
export const apps = `/apis/apps/v1/namespaces/${space}`;

export const configMap = (name: string, data: object = { a: '1' }, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const podSpec = { containers: [{ name: 'c', image: 'x' }] };

export const deployment = (name: string, spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: name } },
    template: { metadata: { labels: { a: name } }, spec: podSpec },
    ...spec,
  },
});

const meta = (as: string): { accept: string } => ({
  accept: `application/json;as=${as};v=v1;g=meta.k8s.io,application/json`,
});

export const asTable = meta('Table');
export const asMetadata = meta('PartialObjectMetadata');
export const asMetadataList = meta('PartialObjectMetadataList');
export const asYaml = { accept: 'application/yaml' };
export const asProtobuf = { accept: 'application/vnd.kubernetes.protobuf' };
export const nobody = { authorization: null };
export const bob = { 'impersonate-user': 'bob' };

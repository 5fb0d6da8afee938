import { decodeBody, parseText } from '../apiserver/codec/decode-body.ts';
import { encodeMessage, protobufBody } from '../apiserver/codec/encode-protobuf.ts';
import type { KindInfo } from '../apiserver/kinds/kind-info.ts';
import { jsonPatch } from '../apiserver/patch/json-patch.ts';
import { strategicMergePatch } from '../apiserver/patch/strategic-merge-patch.ts';
import type { JsonObject } from '../apiserver/schema/schema.ts';
import { texts } from './target.ts';
import type { Target } from './target.ts';

const pod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web', 'a.b/c': '' }, annotations: { note: 'ü\n"' } },
  spec: {
    containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1.5' } } }],
    tolerations: [{ operator: 'Exists' }],
  },
};
const podYaml = `apiVersion: v1
kind: Pod
metadata: &meta {name: web, labels: {app: "web"}}
spec:
  containers:
  - name: c
    image: nginx
    args: [ "-c", 'echo', 0x1F, 1e3, ~, yes ]
    command: |
      sleep
  other: *meta
`;

/** What reads the bodies of writes, with `kind` that of a Pod. */
export function bodyTargets(kind: KindInfo): Target[] {
  const read = (mediaType: string) => (bytes: Buffer) => decodeBody(bytes, mediaType, kind);
  const spec = (kind.schema.properties ?? {})['spec'];
  return [
    {
      name: 'JSON body',
      seeds: texts(JSON.stringify(pod), '[[[{"a":[1,2,{"b":null}]}]]]'),
      read: read('application/json'),
    },
    { name: 'YAML body', seeds: texts(podYaml, JSON.stringify(pod)), read: read('application/yaml') },
    {
      name: 'protobuf body',
      seeds: [protobufBody({ apiVersion: 'v1', kind: 'Pod' }, encodeMessage('io.k8s.api.core.v1.Pod', pod))],
      read: read('application/vnd.kubernetes.protobuf'),
    },
    {
      name: 'JSON patch',
      seeds: texts('[{"op":"add","path":"/spec/containers/-","value":{}},{"op":"test","path":"/a~1b","value":1}]'),
      read: (bytes) => jsonPatch(pod, parseText(bytes, 'application/json').value),
    },
    {
      name: 'strategic merge patch',
      seeds: texts('{"containers":[{"name":"c","$patch":"delete"},{"name":"d"}],"$setElementOrder/containers":[]}'),
      read: (bytes) => strategicMergePatch(spec ?? {}, pod['spec'], parseText(bytes, 'application/json').value),
    },
  ];
}

import { expect, test } from 'vitest';
import { builtinSchema } from '../schema/builtin-schema.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { decodeBuiltin } from './decode-builtin.ts';

const schema = (name: string) => builtinSchema(`io.k8s.api.${name}`);
const pod = (spec: Json) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });

test.each<[JsonObject, Json, string]>([
  [
    { containers: [], hostNetwork: false },
    { containers: null },
    'a false that Go omits falls away; a list that is always written stays, as one nobody set',
  ],
  [
    { containers: [{ name: 'c' }] },
    { containers: [{ name: 'c', resources: {} }] },
    'structs that are no pointers are always written',
  ],
  [{ containers: [], tolerations: [], nodeSelector: {} }, { containers: null }, 'empty lists and maps fall away'],
  [
    { containers: [], volumes: [{ name: 'v', emptyDir: {} }] },
    { containers: null, volumes: [{ name: 'v', emptyDir: {} }] },
    'an empty struct behind a pointer says something',
  ],
  [{ containers: [], priority: 0 }, { containers: null, priority: 0 }, 'a zero behind a pointer says something'],
  [{ containers: null }, { containers: null }, 'a list that is always written is null when nobody set it'],
])('%j is kept as %j: %s', (spec, kept) =>
  expect(decodeBuiltin(schema('core.v1.Pod'), pod(spec)).object['spec']).toEqual(kept),
);

test('unknown fields are dropped and named with their place', () => {
  const { object, unknownFields } = decodeBuiltin(
    schema('core.v1.Pod'),
    pod({ containers: [{ name: 'c', foo: 1 }], bar: 2 }),
  );
  expect(unknownFields).toEqual(['spec.containers[0].foo', 'spec.bar']);
  expect(JSON.stringify(object)).not.toContain('foo');
});

test.each([
  [
    pod({ containers: [{ name: 7 }] }),
    'json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string',
  ],
  [
    pod({ containers: {} }),
    'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    pod({ containers: [{ ports: [{ containerPort: 1.5 }] }] }),
    'json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
  ],
  [
    pod({ volumes: [{ hostPath: { path: 1 } }] }),
    'json: cannot unmarshal number into Go struct field HostPathVolumeSource.spec.volumes.VolumeSource.hostPath.path of type string',
  ],
  [
    pod({ containers: [{ resources: { limits: { cpu: 'much' } } }] }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    { metadata: { creationTimestamp: 'soon' } },
    'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
  ],
])('%j is refused', (body, message) => expect(() => decodeBuiltin(schema('core.v1.Pod'), body)).toThrow(message));

test('times lose their fraction, micro times have six digits', () => {
  const lease = {
    metadata: { creationTimestamp: '2026-01-02T03:04:05.678+01:00' },
    spec: { renewTime: '2026-01-02T03:04:05.6Z' },
  };
  expect(decodeBuiltin(schema('coordination.v1.Lease'), lease).object).toEqual({
    metadata: { creationTimestamp: '2026-01-02T02:04:05Z' },
    spec: { renewTime: '2026-01-02T03:04:05.600000Z' },
  });
});

test.each(['constructor', '__proto__', 'toString'])('a field named %s is as unknown as any other', (name) => {
  const body = JSON.parse(`{"metadata":{"name":"p","${name}":"x"}}`) as Json;
  const { object, unknownFields } = decodeBuiltin(schema('core.v1.ConfigMap'), body);
  expect(unknownFields).toEqual([`metadata.${name}`]);
  expect(object).toEqual({ metadata: { name: 'p' } });
});

import { expect, test } from 'vitest';
import { encodeMessage, protobufBody, protobufMessageOf } from './encode-protobuf.ts';
import { decodeProtobuf } from './protobuf.ts';

function roundTrip(object: { apiVersion: string; kind: string }): unknown {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  const message = protobufMessageOf({ group: group ?? '', version: version ?? '', kind: object.kind });
  return decodeProtobuf(protobufBody(object, encodeMessage(message ?? '', object)));
}

const metadata = {
  name: 'x',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { b: '2', a: 'ä' },
  managedFields: [{ manager: 'm', fieldsV1: { 'f:data': {} } }],
};

test.each<[string, { apiVersion: string; kind: string; [field: string]: unknown }]>([
  ['maps, bytes, raw JSON', { apiVersion: 'v1', kind: 'Secret', metadata, data: { k: 'AQID' }, type: 'Opaque' }],
  [
    'embedded structs, quantities, int-or-string, pointers, negative numbers',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }],
        priority: -5,
        containers: [
          {
            name: 'c',
            resources: { limits: { cpu: '500m' } },
            livenessProbe: { httpGet: { port: 'http' }, failureThreshold: 3 },
            ports: [{ containerPort: 80 }],
          },
        ],
      },
    },
  ],
  [
    'unions of a schema',
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata,
      spec: {
        versions: [
          {
            name: 'v1',
            schema: {
              openAPIV3Schema: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
                default: { a: [1] },
                maximum: 1.5,
                properties: { m: { additionalProperties: true }, l: { items: { type: 'string' } } },
              },
            },
          },
        ],
      },
    },
  ],
  [
    'small fractions of a second',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { renewTime: '2026-01-01T00:00:00.000123Z' },
    },
  ],
])('%s survive', (_why, object) => expect(roundTrip(object)).toMatchObject(object));

test('what Go always writes is written, what is a pointer is not', () => {
  const status = {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message: 'm',
    reason: 'NotFound',
    code: 404,
  };
  // list metadata with three empty texts, no details
  expect(
    encodeMessage(protobufMessageOf({ group: '', version: 'v1', kind: 'Status' }) ?? '', status).toString('latin1'),
  ).toBe('\n\u0006\n\u0000\u0012\u0000\u001a\u0000\u0012\u0007Failure\u001a\u0001m"\u0008NotFound0\u0094\u0003');
});

test('a custom kind has no message', () =>
  expect(protobufMessageOf({ group: 'example.com', version: 'v1', kind: 'Gadget' })).toBeUndefined());

import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeRuntime, PodKey } from '../../node-runtime.ts';
import { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import { serviceDestination } from './service-destination.ts';

describe('where a Service leads', () => {
  let storage: Storage;
  const dialled: { pod: PodKey; port: number }[] = [];
  // Only `dial` is asked for by what is tested.
  const runtime = {
    dial: (pod: PodKey, port: number) => {
      dialled.push({ pod, port });
      return Promise.resolve(new PassThrough());
    },
  } as unknown as NodeRuntime; // as above

  async function store(resource: string, name: string, object: object): Promise<void> {
    const text = JSON.stringify({ metadata: { name, namespace: 'a' }, ...object });
    await storage.put({ resource, namespace: 'a', name }, undefined, () => text);
  }

  const services = resourceKey('', 'services');
  const slices = resourceKey('discovery.k8s.io', 'endpointslices');
  const sliceOf = (service: string, rest: object): object => ({
    metadata: { name: 'slice', namespace: 'a', labels: { 'kubernetes.io/service-name': service } },
    ...rest,
  });

  beforeAll(async () => {
    storage = await Storage.open();
    await store(services, 'plain', { spec: { type: 'ClusterIP', ports: [{ port: 443 }] } });
    await store(services, 'named', {
      spec: {
        ports: [
          { name: 'web', port: 80 },
          { name: 'hook', port: 443 },
        ],
      },
    });
    await store(services, 'none', { spec: { ports: [{ port: 443 }] } });
    await store(services, 'away', { spec: { type: 'ExternalName', externalName: 'hooks.example.com' } });
    const endpoints = [
      { addresses: ['10.0.0.1'], conditions: { ready: false } },
      { addresses: ['10.0.0.2'], conditions: { ready: true } },
    ];
    await store(slices, 'plain-1', sliceOf('plain', { ports: [{ port: 8443 }], endpoints }));
    const ports = [
      { name: 'web', port: 8080 },
      { name: 'hook', port: 9443 },
    ];
    const targetRef = { kind: 'Pod', namespace: 'a', name: 'p', uid: 'u' };
    await store(slices, 'named-1', sliceOf('named', { ports, endpoints: [{ addresses: ['10.0.0.3'], targetRef }] }));
  });
  afterAll(() => storage.close());

  const lead = (name: string, port: number): unknown => {
    const { host, port: to } = serviceDestination({ storage, nodes: { runtime } }, { namespace: 'a', name, port });
    return `${host}:${to}`;
  };

  it.each([
    { name: 'plain', port: 443, to: '10.0.0.2:8443', why: 'an endpoint that is not ready gets nothing' },
    { name: 'named', port: 443, to: '10.0.0.3:9443', why: 'the port of the Service is found by its name' },
    { name: 'named', port: 80, to: '10.0.0.3:8080', why: 'each port has its own' },
    { name: 'away', port: 8443, to: 'hooks.example.com:8443', why: 'an external name is taken as it is' },
  ])('$name:$port is $to: $why', ({ name, port, to }) => {
    expect(lead(name, port)).toBe(to);
  });

  it.each([
    { name: 'absent', port: 443, says: 'service "absent" not found' },
    { name: 'plain', port: 80, says: 'no service port 80 found for service "plain"' },
    { name: 'none', port: 443, says: 'no endpoints available for service "none"' },
  ])('$name:$port leads nowhere: $says', ({ name, port, says }) => {
    expect(() => lead(name, port)).toThrow(says);
  });

  it('reaches a pod of this cluster through its node', async () => {
    const { dial } = serviceDestination({ storage, nodes: { runtime } }, { namespace: 'a', name: 'named', port: 443 });
    await dial?.();
    expect(dialled).toEqual([{ pod: { namespace: 'a', name: 'p', uid: 'u' }, port: 9443 }]);
  });
});

import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { kinds } from '../kinds.ts';
import { rowOf } from '../row.ts';
import { projection } from './projection.ts';

const row = rowOf(kinds.pods, {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web', tier: 'front' } },
  spec: { containers: [{ name: 'a', image: 'i:1' }, { name: 'b' }] },
  status: { phase: 'Running' },
});
const shown = (fields: string): unknown => JSON.parse(new TextDecoder().decode(projection(fields)(row)));

describe('projection', () => {
  const cases: readonly { fields: string; shows: unknown; why: string }[] = [
    {
      fields: 'metadata.name,status.phase',
      shows: { metadata: { name: 'web' }, status: { phase: 'Running' } },
      why: 'two fields',
    },
    { fields: 'kind', shows: { kind: 'Pod' }, why: 'a plain field' },
    { fields: 'spec.containers.image', shows: { spec: { containers: [{ image: 'i:1' }, {}] } }, why: 'through a list' },
    {
      fields: "metadata.labels['app.kubernetes.io/name']",
      shows: { metadata: { labels: { 'app.kubernetes.io/name': 'web' } } },
      why: 'a name with dots',
    },
    { fields: 'metadata.none,spec.none.at.all', shows: { metadata: {}, spec: {} }, why: 'fields that are not there' },
    { fields: 'status,status.phase', shows: { status: { phase: 'Running' } }, why: 'a part of what is chosen already' },
    { fields: 'status.phase,status', shows: { status: { phase: 'Running' } }, why: 'the whole after a part' },
    { fields: 'kind.name', shows: {}, why: 'below a text there is nothing' },
    { fields: 'metadata.constructor,__proto__', shows: { metadata: {} }, why: 'only fields of its own' },
  ];
  it.each(cases)('$fields: $why', ({ fields, shows }) => {
    expect(shown(fields)).toEqual(shows);
  });

  it('shows nothing that the bytes it works on leave out', () => {
    const encode = (): Uint8Array => Buffer.from('{"metadata":{"name":"web"}}');
    expect(Buffer.from(projection('metadata.name,status.phase', encode)(row)).toString()).toBe(
      '{"metadata":{"name":"web"}}',
    );
  });

  it.each(['', 'metadata..name', 'a b', "metadata['x", `${'a,'.repeat(60)}a`])('refuses %j', (fields) => {
    let thrown: unknown;
    try {
      projection(fields);
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
  });
});

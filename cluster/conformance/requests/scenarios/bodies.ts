import type { Step } from '../transcript.ts';
import { configMap } from './probe-objects.ts';

const maps = '/api/v1/namespaces/default/configmaps?dryRun=All';
const mebi = 1 << 20;
const large = (bytes: number): object => configMap('large', { a: 'x'.repeat(bytes) });
/** Without a length a body is sent in chunks. */
const chunked = { 'content-length': null };

/** How large a request and an object may be, and bodies whose length is not told before. */
export const bodies: readonly Step[] = [
  ['too-large', `POST ${maps}`, large(3 * mebi)],
  ['too-large.chunked', `POST ${maps}`, large(3 * mebi), chunked],
  ['object.too-large', `POST ${maps}`, large(mebi + 1)],
  [
    'secret.too-large',
    'POST /api/v1/namespaces/default/secrets?dryRun=All',
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'large' },
      stringData: { a: 'x'.repeat(mebi + 1) },
    },
  ],
  ['chunked', `POST ${maps}`, configMap('chunked'), chunked],
];

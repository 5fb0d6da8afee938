import type { Step } from '../transcript.ts';
import { apps, asMetadata, configMap, core, space } from './probe-objects.ts';

const maps = `${core}/configmaps`;
const otherUid = '11111111-1111-1111-1111-111111111111';

/** Preconditions, policies, finalizers, and whole collections. */
export const deletions: readonly Step[] = [
  ['delete', `DELETE ${maps}/l3`],
  ['delete.missing', `DELETE ${maps}/l3`],
  ['', `POST ${maps}`, configMap('l4', {}, { labels: { grp: 'even' } })],
  [
    'delete.other-uid',
    `DELETE ${maps}/l6`,
    { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: otherUid } },
  ],
  ['delete.stale', `DELETE ${maps}/l6`, { preconditions: { resourceVersion: '1' } }],
  ['delete.unknown-policy', `DELETE ${maps}/l6`, { propagationPolicy: 'Foo' }],
  ['delete.two-policies', `DELETE ${maps}/l6`, { propagationPolicy: 'Orphan', orphanDependents: true }],
  ['delete.negative-grace', `DELETE ${maps}/l6`, { gracePeriodSeconds: -5 }],
  ['delete.unknown-dry-run', `DELETE ${maps}/l6?dryRun=Foo`],
  ['delete.bad-body', `DELETE ${maps}/l6`, '{"a":'],
  ['delete.dry', `DELETE ${maps}/l6?dryRun=All`],
  ['delete.by-query', `DELETE ${maps}/l6?propagationPolicy=Background&gracePeriodSeconds=0`],
  ['delete.finalizers', `DELETE ${maps}/c1`],
  ['delete.finalizers.still', `GET ${maps}/c1`],
  ['delete.finalizers.again', `DELETE ${maps}/c1`],
  ['delete.finalizers.add', `MERGE ${maps}/c1`, { metadata: { finalizers: ['x.example.com/b', 'x.example.com/c'] } }],
  ['delete.finalizers.change', `MERGE ${maps}/c1`, { data: { late: '1' } }],
  ['delete.finalizers.clear', `MERGE ${maps}/c1`, { metadata: { finalizers: null } }],
  ['delete.finalizers.gone', `GET ${maps}/c1`],
  ['delete.orphan', `DELETE ${apps}/deployments/d2`, { propagationPolicy: 'Orphan' }],
  ['delete.foreground', `DELETE ${apps}/deployments/d1`, { propagationPolicy: 'Foreground' }],
  ['delete.foreground.waits', `GET ${apps}/deployments/d1`],
  ['delete.foreground.as-metadata', `GET ${apps}/deployments/d1`, undefined, asMetadata],
  ['collection.dry', `DELETE ${maps}?labelSelector=grp%3Deven&dryRun=All`],
  ['collection', `DELETE ${maps}?labelSelector=grp%3Deven`],
  ['collection.none', `DELETE ${maps}?labelSelector=none`],
  ['collection.bad-selector', `DELETE ${maps}?labelSelector=a%20b`],
  ['collection.by-field', `DELETE ${maps}?fieldSelector=metadata.name%3Dyam`],
  ['collection.everywhere', 'DELETE /api/v1/configmaps'],
  [
    '',
    `POST ${maps}`,
    configMap(
      'owned',
      {},
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: otherUid, blockOwnerDeletion: true }] },
    ),
  ],
  [
    'create.in-owner-of-two',
    `POST ${maps}`,
    configMap(
      'two',
      {},
      {
        namespace: space,
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: otherUid, controller: true },
          { apiVersion: 'v1', kind: 'Pod', name: 'y', uid: otherUid, controller: true },
        ],
      },
    ),
  ],
];

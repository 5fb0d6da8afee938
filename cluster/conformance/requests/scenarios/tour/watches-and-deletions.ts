import type { Step, WatchPlan } from '../../transcript.ts';
import { asTable } from '../probe-objects.ts';
import { asMetadata, deployments, maps, otherUid } from './places.ts';

const odd = `${maps}?watch=1&labelSelector=grp%3Dodd`;
const since = '&resourceVersion=<before|metadata.resourceVersion>';
const initial = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
const shows = (events: number, more: Partial<WatchPlan> = {}): WatchPlan => ({ events, ...more });
const unordered = { unordered: true };
const regroup = (grp: string): Step => ['', `MERGE ${maps}/l2`, { metadata: { labels: { grp } } }];
const touch = (name: string): Step => ['', `MERGE ${maps}/${name}`, { data: { zz: '1' } }];
const crossing = [regroup('odd'), touch('l2'), regroup('even'), touch('l4'), ['', `DELETE ${maps}/l1`]] as const;

/** Where a watch begins, what it shows, in which form, and how it ends. */
const watches: readonly Step[] = [
  ['before', `GET ${maps}?labelSelector=grp%3Dodd`],
  ['watch.norv', `WATCH ${odd}`, shows(3, unordered)],
  ['watch.rv0', `WATCH ${odd}&resourceVersion=0`, shows(3, unordered)],
  ['watch.rv', `WATCH ${odd}${since}`, shows(0)],
  ['watch.rv1', `WATCH ${odd}&resourceVersion=1`, shows(3, unordered)],
  ['watch.future', `WATCH ${maps}?watch=1&resourceVersion=99999999`, shows(0)],
  ['watch.bad', `WATCH ${maps}?watch=1&resourceVersion=abc`, shows(1)],
  ['watch.selector.transitions', `WATCH ${odd}${since}&allowWatchBookmarks=true`, shows(4, { meanwhile: crossing })],
  ['watch.table', `WATCH ${odd}${since}`, shows(4), asTable],
  ['watch.pom', `WATCH ${odd}${since}`, shows(4), asMetadata],
  ['watch.timeout', `WATCH ${maps}?watch=1&labelSelector=grp%3Dx&timeoutSeconds=1${since}`, shows(1)],
  ['watch.initial', `WATCH ${odd}${initial}`, shows(3, unordered)],
  ['watch.initial.nomatch', `WATCH ${maps}?watch=1&sendInitialEvents=true`, shows(1)],
  ['watch.name', `WATCH ${maps}?watch=1&fieldSelector=metadata.name%3Dl3`, shows(1)],
  ['watch.single.deprecated', `GET ${maps}?watch=1&labelSelector=grp%3Dzzz&timeoutSeconds=1`],
];

const newFinalizers = { finalizers: ['x.example.com/b', 'x.example.com/c'] };

/** Preconditions, policies, finalizers, and a collection. */
const deletions: readonly Step[] = [
  ['del.cm', `DELETE ${maps}/l3`],
  ['del.missing', `DELETE ${maps}/l3`],
  ['del.pre.uid', `DELETE ${maps}/l4`, { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: otherUid } }],
  ['del.pre.rv', `DELETE ${maps}/l4`, { preconditions: { resourceVersion: '1' } }],
  ['del.badprop', `DELETE ${maps}/l4`, { propagationPolicy: 'Foo' }],
  ['del.both', `DELETE ${maps}/l4`, { propagationPolicy: 'Orphan', orphanDependents: true }],
  ['del.dry', `DELETE ${maps}/l4?dryRun=All`],
  ['del.query', `DELETE ${maps}/l4?propagationPolicy=Background&gracePeriodSeconds=0`],
  ['fin.del', `DELETE ${maps}/c1`],
  ['fin.still', `GET ${maps}/c1`],
  ['fin.del2', `DELETE ${maps}/c1`],
  ['fin.addwhiledel', `MERGE ${maps}/c1`, { metadata: newFinalizers }],
  ['fin.clear', `MERGE ${maps}/c1`, { metadata: { finalizers: null } }],
  ['fin.gone', `GET ${maps}/c1`],
  ['dep.orphan', `DELETE ${deployments}/d2`, { propagationPolicy: 'Orphan' }],
  ['dep.fg', `DELETE ${deployments}/d1`, { propagationPolicy: 'Foreground' }],
  ['dep.fg.after', `GET ${deployments}/d1`],
  ['delcoll', `DELETE ${maps}?labelSelector=grp%3Deven`],
  ['delcoll.empty', `DELETE ${maps}?labelSelector=none`],
];

export const watchesAndDeletions: readonly Step[] = [...watches, ...deletions];

import type { Step, WatchPlan } from '../transcript.ts';
import { asMetadata, asTable, core } from './probe-objects.ts';

const maps = `${core}/configmaps`;
const odd = `${maps}?watch=1&labelSelector=grp%3Dodd`;
const since = '&resourceVersion=<watched|metadata.resourceVersion>';
const initial = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

const plan = (events: number, more: Partial<WatchPlan> = {}): WatchPlan => ({ events, ...more });
const unordered = { unordered: true };
const group = (name: string, grp: string): Step => ['', `MERGE ${maps}/${name}`, { metadata: { labels: { grp } } }];
const touch = (name: string): Step => ['', `MERGE ${maps}/${name}`, { data: { zz: '1' } }];

/** Where a watch begins, what it shows, in which form, and how it ends. */
export const watches: readonly Step[] = [
  ['watched', `GET ${maps}?labelSelector=grp%3Dodd`],
  ['watch', `WATCH ${odd}`, plan(3, unordered)],
  ['watch.0', `WATCH ${odd}&resourceVersion=0`, plan(3, unordered)],
  ['watch.since', `WATCH ${odd}${since}`, plan(0)],
  ['watch.future', `WATCH ${maps}?watch=1&resourceVersion=99999999`, plan(0)],
  ['watch.bad-version', `WATCH ${maps}?watch=1&resourceVersion=abc`, plan(1)],
  [
    'watch.selection-changes',
    `WATCH ${odd}${since}&allowWatchBookmarks=true`,
    plan(4, {
      meanwhile: [group('l2', 'odd'), touch('l2'), group('l2', 'even'), touch('l6'), ['', `DELETE ${maps}/l1`]],
    }),
  ],
  ['watch.again', `WATCH ${odd}${since}`, plan(4)],
  ['watch.table', `WATCH ${odd}${since}`, plan(4), asTable],
  ['watch.metadata', `WATCH ${odd}${since}`, plan(4), asMetadata],
  ['watch.timeout', `WATCH ${maps}?watch=1&labelSelector=grp%3Dx&timeoutSeconds=1${since}`, plan(1, { limitMs: 5000 })],
  ['watch.initial', `WATCH ${odd}${initial}`, plan(3, unordered)],
  ['watch.initial.since', `WATCH ${odd}${initial}${since}`, plan(3, unordered)],
  [
    'watch.initial.no-bookmarks',
    `WATCH ${odd}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`,
    plan(2, unordered),
  ],
  ['watch.initial.no-match', `WATCH ${maps}?watch=1&sendInitialEvents=true`, plan(1)],
  [
    'watch.initial.exact',
    `WATCH ${maps}?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1`,
    plan(1),
  ],
  ['watch.initial.false', `WATCH ${odd}&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`, plan(0)],
  ['watch.match-alone', `WATCH ${maps}?watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1`, plan(1)],
  ['watch.name', `WATCH ${maps}?watch=1&fieldSelector=metadata.name%3Dl3`, plan(1)],
  ['watch.old-path', `WATCH /api/v1/watch/namespaces/probe/configmaps/l3`, plan(1)],
  ['watch.bad-selector', `WATCH ${maps}?watch=1&labelSelector=a%20b`, plan(1)],
  ['watch.missing-namespace', `WATCH /api/v1/namespaces/nowhere/configmaps?watch=1`, plan(0)],
];

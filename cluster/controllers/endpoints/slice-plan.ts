import { isDeepStrictEqual } from 'node:util';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly [field: string]: unknown;
}

export type Slice = ClusterObject & { endpoints?: readonly SliceEndpoint[] | null; ports?: readonly unknown[] | null };

/** Endpoints with the same ports: they share slices. */
export interface PortGroup {
  readonly ports: readonly unknown[];
  readonly endpoints: readonly SliceEndpoint[];
}

/** The fewest writes that make the slices of one service hold what they should. */
export interface SlicePlan {
  readonly create: readonly PortGroup[];
  readonly update: readonly { readonly slice: Slice; readonly endpoints: readonly SliceEndpoint[] }[];
  readonly delete: readonly Slice[];
}

export const mostPerSlice = 100;

// One text an address and pod, in which everything else may change without its moving to another slice.
function identityOf({ addresses, targetRef }: SliceEndpoint): string {
  const { uid = '' } = (targetRef ?? {}) as { uid?: string }; // a reference to a pod, or none
  return `${addresses[0] ?? ''} ${uid}`;
}

interface Draft {
  readonly slice: Slice;
  readonly endpoints: SliceEndpoint[];
  changed: boolean;
}

/** What stays in a slice, in its newest form; takes it from `wanted`. */
function keepIn(slice: Slice, wanted: Map<string, SliceEndpoint>): Draft {
  const draft: Draft = { slice, endpoints: [], changed: false };
  for (const known of slice.endpoints ?? []) {
    const identity = identityOf(known);
    const next = wanted.get(identity);
    wanted.delete(identity);
    if (next) draft.endpoints.push(next);
    if (!next || !isDeepStrictEqual(next, known)) draft.changed = true;
  }
  return draft;
}

const room = ({ endpoints }: Draft): number => mostPerSlice - endpoints.length;

/** Slices that are written anyway take new endpoints first; full new slices come next; the rest goes where it fits best. */
function place(drafts: readonly Draft[], added: SliceEndpoint[], ports: readonly unknown[]): PortGroup[] {
  const created: PortGroup[] = [];
  for (const draft of drafts.filter(({ changed }) => changed)) draft.endpoints.push(...added.splice(0, room(draft)));
  while (added.length >= mostPerSlice) created.push({ ports, endpoints: added.splice(0, mostPerSlice) });
  const fitting = drafts.filter((draft) => room(draft) >= added.length).sort((a, b) => room(a) - room(b))[0];
  if (added.length === 0) return created;
  if (!fitting) return [...created, { ports, endpoints: added.splice(0) }];
  fitting.endpoints.push(...added.splice(0));
  fitting.changed = true;
  return created;
}

function planGroup(known: readonly Slice[], { ports, endpoints }: PortGroup): SlicePlan {
  const wanted = new Map(endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const drafts = known.map((slice) => keepIn(slice, wanted));
  const create = place(drafts, [...wanted.values()], ports);
  const changed = drafts.filter((draft) => draft.changed);
  return {
    create,
    update: changed.filter((draft) => draft.endpoints.length > 0),
    delete: changed.filter((draft) => draft.endpoints.length === 0).map(({ slice }) => slice),
  };
}

/**
 * How to get from the `known` slices of a service to its `groups` of endpoints. An endpoint stays in its slice as long
 * as it exists, so that one change rewrites one slice; slices hold at most 100. A service always has a slice.
 */
export function planSlices(known: readonly Slice[], groups: readonly PortGroup[]): SlicePlan {
  const byPorts = new Map<string, Slice[]>();
  const portsKey = (ports: readonly unknown[] | null | undefined): string => canonical(ports ?? []);
  for (const slice of known) {
    const key = portsKey(slice.ports);
    byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  const plans = groups.map((group) => {
    const key = portsKey(group.ports);
    const slices = byPorts.get(key) ?? [];
    byPorts.delete(key);
    return planGroup(slices, group);
  });
  return keepOne(known, {
    create: plans.flatMap(({ create }) => create),
    update: plans.flatMap(({ update }) => update),
    delete: [...plans.flatMap((plan) => plan.delete), ...[...byPorts.values()].flat()],
  });
}

function keepOne(known: readonly Slice[], plan: SlicePlan): SlicePlan {
  if (plan.create.length > 0 || plan.delete.length < known.length) return plan;
  const [first, ...others] = known;
  if (!first) return { ...plan, create: [{ ports: [], endpoints: [] }] };
  const isEmpty = (first.endpoints ?? []).length === 0;
  return { create: [], update: isEmpty ? [] : [{ slice: first, endpoints: [] }], delete: others };
}

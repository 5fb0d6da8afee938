import type { Row, View } from '@kit/kube';
import type { StateCounts } from '../../contract/index.ts';
import type { Visible } from '../visible-places.ts';
import { rowStatus } from './kind-filters.ts';

type Tally = Map<string, number>;

function add(tally: Tally, state: string, by: 1 | -1): void {
  const count = (tally.get(state) ?? 0) + by;
  if (count > 0) tally.set(state, count);
  else tally.delete(state);
}

const stateOf = (plural: string, row: Row): string => rowStatus(plural, row).state;

/** How many objects of a kind are in each state, by namespace, kept current by the changes of its view. */
class KindTally {
  readonly #all: Tally = new Map();
  readonly #byNamespace = new Map<string, Tally>();
  readonly #plural: string;

  constructor(view: View) {
    this.#plural = view.type.plural;
    for (const row of view.rows()) this.#count(row, 1);
    view.subscribe(({ type, row, previous }) => {
      if (previous) this.#count(previous, -1);
      if (type !== 'deleted') this.#count(row, 1);
    });
  }

  in(where: Visible): StateCounts {
    const tallies =
      where === 'everywhere' ? [this.#all] : [...where.names].flatMap((name) => this.#byNamespace.get(name) ?? []);
    return together(tallies);
  }

  #count(row: Row, by: 1 | -1): void {
    const state = stateOf(this.#plural, row);
    add(this.#all, state, by);
    const tally = this.#byNamespace.get(row.namespace) ?? new Map<string, number>();
    add(tally, state, by);
    if (tally.size > 0) this.#byNamespace.set(row.namespace, tally);
    else this.#byNamespace.delete(row.namespace);
  }
}

function together(tallies: readonly Tally[]): StateCounts {
  const states: Record<string, number> = {};
  let total = 0;
  for (const tally of tallies) {
    for (const [state, count] of tally) {
      states[state] = (states[state] ?? 0) + count;
      total += count;
    }
  }
  return { total, states };
}

const tallies = new WeakMap<View, KindTally>(); // one for each view, and gone with it

/** The counts of a view that has been read; nothing is gone through for them but the names of the namespaces. */
export function countStates(view: View, where: Visible): StateCounts {
  const tally = tallies.get(view) ?? new KindTally(view);
  tallies.set(view, tally);
  return tally.in(where);
}

/** The same of some rows. */
export function countRows(plural: string, rows: Iterable<Row>): StateCounts {
  const tally: Tally = new Map();
  for (const row of rows) add(tally, stateOf(plural, row), 1);
  return together([tally]);
}

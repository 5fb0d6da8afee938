import { useState } from 'react';

export interface SteadyRows<Row> {
  readonly rows: readonly Row[];
  /** Rows the server has and the table does not show yet. */
  readonly added: number;
  /** Rows shown that the server no longer has. */
  readonly gone: ReadonlySet<string>;
  /** Shows what the server has now. */
  readonly apply: () => void;
}

/** What a table shows while it is in use: the rows it had, with their newest values, in their old order. */
export function steady<Row>(
  held: readonly Row[],
  fresh: readonly Row[],
  rowKey: (row: Row) => string,
): Omit<SteadyRows<Row>, 'apply'> {
  const freshByKey = new Map(fresh.map((row) => [rowKey(row), row]));
  const heldKeys = new Set(held.map(rowKey));
  return {
    rows: held.map((row) => freshByKey.get(rowKey(row)) ?? row),
    added: fresh.filter((row) => !heldKeys.has(rowKey(row))).length,
    gone: new Set([...heldKeys].filter((key) => !freshByKey.has(key))),
  };
}

interface Options<Row> {
  readonly fresh: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Somebody points at the rows or has some selected. */
  readonly inUse: boolean;
  /** Changes when the user asked for other rows, which are then shown at once. */
  readonly view: string;
}

interface Held<Row> {
  readonly view: string;
  readonly rows: readonly Row[];
}

/** Keeps rows from moving under the pointer: what comes and goes waits until the table is left alone. */
export function useSteadyRows<Row>({ fresh, rowKey, inUse, view }: Options<Row>): SteadyRows<Row> {
  const [held, setHeld] = useState<Held<Row>>();
  const kept = inUse && fresh.length > 0 ? (held?.view === view ? held : { view, rows: fresh }) : undefined;
  // State that follows from what is drawn is set while drawing, so that no frame shows rows that moved.
  if (kept !== held) setHeld(kept);
  const { rows, added, gone } = steady(kept?.rows ?? fresh, fresh, rowKey);
  return { rows, added, gone, apply: () => setHeld({ view, rows: fresh }) };
}

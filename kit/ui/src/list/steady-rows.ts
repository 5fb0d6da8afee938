import { useState } from 'react';

export interface SteadyRows<Row> {
  readonly rows: readonly Row[];
  /** Rows the server has and the table does not show yet. */
  readonly added: number;
  /** Rows shown that the server no longer has. */
  readonly gone: number;
  readonly isGone: (key: string) => boolean;
  /** Shows what the server has now. */
  readonly apply: () => void;
}

/** What a table shows while it is in use: the rows it had, with their newest values, in their old order. */
export function steady<Row>(shown: readonly Row[], fresh: readonly Row[], rowKey: (row: Row) => string) {
  const freshByKey = new Map(fresh.map((row) => [rowKey(row), row]));
  const shownKeys = new Set(shown.map(rowKey));
  return {
    rows: shown.map((row) => freshByKey.get(rowKey(row)) ?? row),
    added: fresh.filter((row) => !shownKeys.has(rowKey(row))).length,
    gone: new Set([...shownKeys].filter((key) => !freshByKey.has(key))),
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

/** Keeps rows from moving under the pointer: what comes and goes waits until the table is left alone. */
export function useSteadyRows<Row>({ fresh, rowKey, inUse, view }: Options<Row>): SteadyRows<Row> {
  const [held, setHeld] = useState<{ view: string; rows: readonly Row[] }>();
  const isHeld = inUse && held?.view === view && held.rows.length > 0;
  if (inUse && !isHeld && (fresh.length > 0 || held)) {
    if (held?.view !== view || held.rows !== fresh) setHeld({ view, rows: fresh });
  }
  if (!inUse && held) setHeld(undefined);
  if (!isHeld || !held) return { rows: fresh, added: 0, gone: 0, isGone: () => false, apply: () => undefined };
  const { rows, added, gone } = steady(held.rows, fresh, rowKey);
  return { rows, added, gone: gone.size, isGone: (key) => gone.has(key), apply: () => setHeld({ view, rows: fresh }) };
}

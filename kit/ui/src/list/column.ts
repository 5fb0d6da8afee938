import type { ReactNode } from 'react';
import type { IconName } from '../icons/icon.tsx';
import type { Tone } from '../status/status-mark.tsx';

/** One column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  /** The server's sort key; without it the column does not sort. */
  readonly sort?: string;
  /** CSS width, e.g. `120px`; columns without one share what is left. */
  readonly width?: string;
  readonly align?: 'end';
  /** Where the value stands in the two-line row of a phone: first line, its end, or the second line. Not shown there without it. */
  readonly phone?: 'first' | 'end' | 'second';
}

/** A filter that may be typed as `token:value`. */
export interface FilterDef {
  readonly token: string;
  readonly label: string;
  /** Offered while typing; any other value may be typed too unless `only` is set. */
  readonly values?: readonly { readonly value: string; readonly label: string }[];
  readonly only?: boolean;
}

/** One part of the bar of counts; a click filters by it. */
export interface StatusCount {
  readonly value: string;
  readonly label: string;
  readonly tone: Tone;
  readonly count: number;
  /** Filter token it sets; `status` unless said. */
  readonly token?: string;
}

/** Something done with all selected rows. */
export interface BulkAction<Row> {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  /** Why it may not be done; the button is then disabled and says so. */
  readonly disabledReason?: string;
  readonly run: (rows: readonly Row[], clear: () => void) => void;
}

/** A key that does something with the current row. */
export interface RowKey<Row> {
  readonly key: string;
  readonly label: string;
  readonly run: (row: Row) => void;
}

import type { Json, JsonObject } from '../schema/schema.ts';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface TableRow {
  readonly cells: Json[];
  readonly object?: JsonObject | null;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: JsonObject;
  readonly columnDefinitions: readonly ColumnDefinition[];
  readonly rows: readonly TableRow[];
}

/** Cells of a kind in the order of its columns, after the name. */
export type Cells = (object: JsonObject, nowMs: number) => Json[];

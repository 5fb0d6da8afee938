import { textOf } from '../kinds/rules/set-default.ts';
import type { ClusterObject } from '../../client.ts';
import { readData } from '../../data/read-data.ts';
import type { KindInfo, PrinterColumn } from '../kinds/kind-info.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import { jsonPath } from './json-path.ts';
import { printers } from './printers.ts';
import type { ColumnDefinition, Table } from './table.ts';

export type { Table } from './table.ts';

/** Objects as rows and columns, as `kubectl get` prints them; each row carries its whole object. */
export function tableOf(kind: KindInfo, objects: readonly ClusterObject[], nowMs: number): Table {
  const cells = cellsOf(kind);
  const rows = objects.map((object) => {
    const json = object as unknown as JsonObject; // objects of the store are JSON
    return { cells: cells(json, nowMs), object: json };
  });
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, columnDefinitions: columnsOf(kind), rows };
}

/** What the rows of a kind are put in order by, where it is not their names: flow schemas as they are asked. */
export function rowRank({ group, resource }: KindInfo): ((object: JsonObject) => number) | undefined {
  if (resource !== 'flowschemas' || group !== 'flowcontrol.apiserver.k8s.io') return undefined;
  return ({ spec }) => Number((spec as { matchingPrecedence?: number }).matchingPrecedence); // a schema has one
}

const nameColumn: ColumnDefinition = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Unique within its namespace.',
  priority: 0,
};
const defaultPrinterColumns: readonly PrinterColumn[] = [
  { name: 'Age', type: 'date', description: 'When the object was created.', jsonPath: '.metadata.creationTimestamp' },
];

/** The columns of a kind's table. */
export function columnsOf(kind: KindInfo): ColumnDefinition[] {
  const known = kind.builtin ? readData('columns.json')[pathOf(kind)] : undefined;
  if (known)
    return known.map(([name, type, format, priority]) => ({ name, type, format, description: name, priority }));
  const own = (kind.printerColumns ?? defaultPrinterColumns).map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description ?? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    priority: column.priority ?? 0,
  }));
  return [nameColumn, ...own];
}

function pathOf({ group, version, resource }: KindInfo): string {
  return group ? `/apis/${group}/${version}/${resource}` : `/api/${version}/${resource}`;
}

/** Storage classes say beside their name that claims without a class get them. */
function defaultMark(object: JsonObject): string {
  const { annotations } = object['metadata'] as { annotations?: Record<string, string> }; // JSON
  return annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : '';
}

/** How the cells of a kind's rows are made. */
export function cellsOf(kind: KindInfo): (object: JsonObject, nowMs: number) => Json[] {
  const name = (object: JsonObject): string => textOf((object['metadata'] as JsonObject)['name'] ?? ''); // JSON
  const { computed } = kind;
  if (computed) return (object) => [name(object), ...computed.cells(object)];
  if (!kind.builtin) {
    const columns = kind.printerColumns ?? defaultPrinterColumns;
    return (object, nowMs) => [name(object), ...columns.map((column) => customCell(object, column, nowMs))];
  }
  const printer = printers[`${kind.group}/${kind.kind}`];
  const [first, ...columns] = columnsOf(kind);
  if (printer && first?.format !== 'name') return printer; // events, whose name comes last
  const mark = kind.kind === 'StorageClass' ? defaultMark : () => '';
  if (printer) return (object, nowMs) => [name(object) + mark(object), ...printer(object, nowMs)];
  return (object, nowMs) => [name(object), ...columns.map((column) => genericCell(object, column, nowMs))];
}

/** A kind without a printer of its own shows its age where it can and nothing elsewhere. */
function genericCell(object: JsonObject, { name, type }: ColumnDefinition, nowMs: number): Json {
  const created = (object['metadata'] as JsonObject)['creationTimestamp'] ?? null; // JSON
  if (name === 'Age') return ageOf(created, nowMs);
  return type === 'date' ? created : '<none>';
}

function customCell(object: JsonObject, column: PrinterColumn, nowMs: number): Json {
  const found = jsonPath(object, column.jsonPath);
  const [first = null, ...more] = found;
  if (first === null) return null;
  switch (column.type) {
    case 'integer':
    case 'number':
      return typeof first === 'number' ? first : null;
    case 'boolean':
      return typeof first === 'boolean' ? first : null;
    case 'date':
      return ageOf(first, nowMs);
    default:
      return textOf(more.length > 0 ? found : first);
  }
}

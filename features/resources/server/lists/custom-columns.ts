import { kinds, type KubeObject, type ResourceType, type Row, type Views } from '@kit/kube';
import { jsonPath } from '../../rules/json-path.ts';
import { sortsOf, type PrintedSorts } from './printed-sorts.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
}

interface Definition extends KubeObject {
  spec?: { versions?: readonly { readonly name: string; readonly additionalPrinterColumns?: readonly Column[] }[] };
}

const isNumber = (type: string): boolean => type === 'integer' || type === 'number';

/** What stands in a column, as text, number or, for times, milliseconds; what is not there comes first. */
function valueOf({ type }: Column, value: unknown): string | number {
  if (isNumber(type)) return typeof value === 'number' ? value : Number.NEGATIVE_INFINITY;
  if (type === 'date') return Date.parse(typeof value === 'string' ? value : '') || 0;
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

/** The sort orders by the columns that a kind's definition prints, by their names in lower case. */
export class CustomColumns {
  readonly #views: Views;
  readonly #made = new WeakMap<Row, Map<string, PrintedSorts>>(); // by the definition's own version: what it says may change

  constructor(views: Views) {
    this.#views = views;
  }

  /** Wait for the view of definitions before. */
  of({ group, plural, version }: ResourceType): PrintedSorts {
    const row = this.#views.of<Definition>(kinds.customresourcedefinitions).get('', `${plural}.${group}`);
    if (!row) return { sorts: {}, facets: [] };
    const versions = this.#made.get(row) ?? new Map<string, PrintedSorts>();
    this.#made.set(row, versions);
    const made = versions.get(version) ?? sortsOf(columnsOf(row.object(), version));
    versions.set(version, made);
    return made;
  }
}

function columnsOf({ spec }: Definition, version: string): Record<string, (object: KubeObject) => string | number> {
  const columns = spec?.versions?.find(({ name }) => name === version)?.additionalPrinterColumns ?? [];
  const readers = columns.flatMap((column) => {
    const read = jsonPath(column.jsonPath);
    return read ? [[column.name.toLowerCase(), (object: KubeObject) => valueOf(column, read(object)[0])] as const] : [];
  });
  return Object.fromEntries(readers);
}

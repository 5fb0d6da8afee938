/** What became of the objects of one kind. */
export interface ImportLine {
  readonly kind: string;
  /** Stands, or was written, as it is. */
  readonly taken: string[];
  /** In the target already; left as it is there. */
  readonly present: string[];
  /** Taken, but with a difference: name and sentence. */
  readonly changed: { readonly name: string; readonly why: string }[];
  /** Not taken: name and sentence. */
  readonly unsupported: { readonly name: string; readonly why: string }[];
}

export type ImportReport = ReadonlyMap<string, ImportLine>;

/** Collects a report while an import goes on. */
export class ImportNotes {
  readonly #lines = new Map<string, ImportLine>();

  of(kind: string): ImportLine {
    const known = this.#lines.get(kind);
    if (known) return known;
    const line: ImportLine = { kind, taken: [], present: [], changed: [], unsupported: [] };
    this.#lines.set(kind, line);
    return line;
  }

  get report(): ImportReport {
    return this.#lines;
  }
}

const shown = 20;

function named(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${names.slice(0, shown).join(', ')}${more}`;
}

/** The report as text: a line of counts for each kind, and below it every name that needs a look. */
export function reportText(report: ImportReport, dryRun: boolean): string {
  const lines = [...report.values()].flatMap(({ kind, taken, present, changed, unsupported }) => [
    `${kind}: ${taken.length} taken as they are, ${changed.length} changed, ${present.length} there already, ${unsupported.length} not supported`,
    ...(taken.length > 0 ? [`    as they are: ${named(taken)}`] : []),
    ...changed.map(({ name, why }) => `    changed: ${name}: ${why}`),
    ...unsupported.map(({ name, why }) => `    not supported: ${name}: ${why}`),
  ]);
  const end = dryRun ? 'This was a dry run: nothing was written.' : 'Nothing was deleted; the import can be repeated.';
  return [...lines, end].join('\n');
}

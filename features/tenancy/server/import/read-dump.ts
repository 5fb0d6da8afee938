/** A row of a table: values by column; absent ones are NULL. */
export type DumpRow = Readonly<Record<string, string | undefined>>;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', Z: '\x1a', b: '\b' };

/** Reads the text of a MySQL dump value by value; strings may hold anything, statements end outside of them. */
class DumpReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** The rows of `(…),(…);`. */
  *rows(): Iterable<(string | undefined)[]> {
    while (this.#skipTo('(')) {
      yield this.#row();
      this.#skipSpace();
      if (this.#text[this.#at] !== ',') return;
      this.#at += 1;
    }
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #skipTo(sign: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #row(): (string | undefined)[] {
    const values: (string | undefined)[] = [];
    while (this.#at < this.#text.length) {
      this.#skipSpace();
      values.push(this.#text[this.#at] === "'" ? this.#string() : this.#bare());
      this.#skipSpace();
      const sign = this.#text[this.#at];
      this.#at += 1;
      if (sign === ')') return values;
    }
    return values;
  }

  #bare(): string | undefined {
    const from = this.#at;
    while (this.#at < this.#text.length && !/[,)]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    const text = this.#text.slice(from, this.#at).trim();
    return text.toUpperCase() === 'NULL' ? undefined : text.replace(/^_binary\s*/i, '');
  }

  #string(): string {
    let value = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const sign = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1] ?? '';
      if (sign === '\\') {
        value += escapes[next] ?? next;
        this.#at += 1;
      } else if (sign !== "'") value += sign;
      else if (next === "'") {
        value += "'";
        this.#at += 1;
      } else break;
    }
    this.#at += 1;
    return value;
  }
}

function columnsOf(text: string, table: string): string[] {
  const found = new RegExp(`CREATE TABLE (?:IF NOT EXISTS )?\`${table}\`\\s*\\(([\\s\\S]*?)\\n\\)`, 'i').exec(text);
  return [...(found?.[1] ?? '').matchAll(/^\s*`([^`]+)`\s/gm)].map(([, column]) => column ?? '');
}

/** The rows of one table of a MySQL dump, by the columns its statements name or its definition lists. */
export function readTable(text: string, table: string): DumpRow[] {
  const defined = columnsOf(text, table);
  const starts = text.matchAll(new RegExp(`^INSERT INTO \`${table}\`\\s*(?:\\(([^)]*)\\))?\\s*VALUES`, 'gim'));
  return [...starts].flatMap((start) => {
    const columns = start[1] ? [...start[1].matchAll(/`([^`]+)`/g)].map(([, column]) => column ?? '') : defined;
    const rows = [...new DumpReader(text, start.index + start[0].length).rows()];
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  });
}

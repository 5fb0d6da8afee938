import { ApiError } from '@kit/base';
import { isAlias, LineCounter, parseAllDocuments, visit, type Document, type ScalarTag, type Tags } from 'yaml';

/** One object of a text of manifests, and where it stands. */
export interface Manifest {
  readonly index: number;
  /** The line its document starts on, from 1. */
  readonly line: number;
  readonly object: Readonly<Record<string, unknown>>;
}

export const limits = { characters: 2 * 1024 * 1024, documents: 1000, aliases: 100 } as const;

function refuse(message: string, cause?: unknown): never {
  throw new ApiError('BadRequest', message, { cause });
}

/** The first line of the document's content, comments and the separator left out. */
function lineOf(document: Document, lines: LineCounter): number {
  const start = document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
  return lines.linePos(start).line;
}

function countAliases(document: Document): number {
  let count = 0;
  visit(document, { Node: (_key, node) => void (isAlias(node) && (count += 1)) });
  return count;
}

function valueOf(document: Document, where: string): unknown {
  if (countAliases(document) > limits.aliases) refuse(`${where}: more than ${limits.aliases} aliases`);
  try {
    return document.toJS({ maxAliasCount: limits.aliases });
  } catch (cause) {
    return refuse(`${where}: ${(cause as Error).message}`, cause); // cast: the parser throws errors only
  }
}

interface ListLike {
  readonly kind?: unknown;
  readonly items?: unknown;
}

/** A `List` stands for its items. */
function objectsOf(value: unknown, where: string): Readonly<Record<string, unknown>>[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    refuse(
      `${where} is no object but ${Array.isArray(value) ? 'a list' : `the plain value ${JSON.stringify(value)?.slice(0, 40)}`}`,
    );
  }
  const { kind, items } = value as ListLike; // cast: an object, by the line above
  if (kind !== 'List' || !Array.isArray(items)) return [value as Readonly<Record<string, unknown>>]; // cast: likewise
  return items.flatMap((item) => objectsOf(item, where));
}

/** `0o644`, which YAML 1.1 does not know, and kubectl does. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.slice(2), 8),
};

function isBaseSixty(tag: Tags[number]): boolean {
  return typeof tag === 'object' && 'format' in tag && tag.format === 'TIME';
}

function isDate(tag: Tags[number]): boolean {
  return tag === 'timestamp' || (typeof tag === 'object' && tag.tag.endsWith(':timestamp'));
}

/**
 * YAML 1.1 as kubectl's parser has it: `0644` is octal and `yes` is true, but `8080:80` is no number in base 60, and a
 * date stays the text it is.
 */
function asKubectl(tags: Tags): Tags {
  return [octal, ...tags.filter((tag) => !isBaseSixty(tag) && !isDate(tag))];
}

/**
 * The objects of a text of YAML documents (JSON is YAML too), read as kubectl reads them. Empty documents say nothing
 * and are left out; a text that cannot be read is `BadRequest` with the document and the line.
 */
export function readManifests(text: string): Manifest[] {
  if (text.length > limits.characters)
    refuse(`the text has ${text.length} characters; at most ${limits.characters} are read`);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    customTags: asKubectl,
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  if (documents.length > limits.documents)
    refuse(`the text has ${documents.length} documents; at most ${limits.documents} are read`);
  const objects = documents.flatMap((document, place) => {
    const problem = document.errors[0];
    if (problem) {
      const { line, col } = lines.linePos(problem.pos[0]);
      refuse(`document ${place + 1}, line ${line}, column ${col}: ${problem.message}`);
    }
    const line = lineOf(document, lines);
    const where = `document ${place + 1}, line ${line}`;
    return objectsOf(valueOf(document, where), where).map((object) => ({ line, object }));
  });
  return objects.map(({ line, object }, index) => ({ index, line, object }));
}

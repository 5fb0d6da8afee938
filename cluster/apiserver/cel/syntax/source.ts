/** One thing wrong with an expression; `at` is a UTF-16 index into its text. */
export interface Issue {
  readonly at: number;
  readonly message: string;
}

const longestExcerpt = 16_384;

interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function placeOf(text: string, at: number): Place {
  const lines = text.split('\n');
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const end = start + line.length;
    if (at <= end || index === lines.length - 1) {
      const column = [...line.slice(0, Math.max(0, at - start))].length + Math.max(0, at - end);
      return { line: index + 1, column, text: line };
    }
    start = end + 1;
  }
  return { line: 1, column: at, text };
}

/** Wide characters get wide marks, so that the caret stands below its character. */
function marks(line: string, column: number): string {
  const characters = [...line];
  const isWide = (character: string | undefined): boolean => (character?.codePointAt(0) ?? 0) > 0x7f;
  const dots = characters.slice(0, column).map((character) => (isWide(character) ? '\uff0e' : '.'));
  return dots.join('') + (isWide(characters[column]) ? '\uff3e' : '^');
}

function shown(text: string, { message }: Issue, place: Place): string {
  const column = text === '' ? 0 : place.column + 1;
  const head = `ERROR: <input>:${place.line}:${column}: ${message}`;
  if (text === '' || [...place.text].length > longestExcerpt) return head;
  const line = place.text.replaceAll('\t', ' ');
  return `${head}\n | ${line}\n | ${marks(line, place.column)}`;
}

/** All issues in the order of their places, each with the line it is about: the form CEL's own tools print. */
export function issuesText(text: string, issues: readonly Issue[]): string {
  return issues
    .map((issue) => ({ issue, place: placeOf(text, issue.at) }))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ issue, place }) => shown(text, issue, place))
    .join('\n');
}

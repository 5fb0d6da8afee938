const indent = '  ';
const quote = 0x22;
const backslash = 0x5c;

/** Where the text ends that begins at `from` with a quote. */
function endOfText(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at + 1;
  }
  return json.length;
}

const isClosing = (character: string | undefined): boolean => character === '}' || character === ']';

const isOpening = (character: string): boolean => character === '{' || character === '[';

/** Where the piece ends that begins at `at`: a text, an empty pair, or one sign. */
function endOfPiece(json: string, at: number): number {
  const character = json[at] ?? '';
  if (character === '"') return endOfText(json, at);
  return isOpening(character) && isClosing(json[at + 1]) ? at + 2 : at + 1;
}

/** A sign of structure with the lines around it. */
function laidOut(sign: string, line: string): string {
  if (isOpening(sign) || sign === ',') return sign + line;
  if (isClosing(sign)) return line + sign;
  return sign === ':' ? ': ' : sign;
}

/**
 * JSON without white space, written for people: one field a line, two spaces a level. What is in it stays as it is
 * written, so that no number is read and none loses a digit.
 */
export function indentJson(json: string): string {
  let [out, depth, end] = ['', 0, 0];
  for (let at = 0; at < json.length; at = end) {
    end = endOfPiece(json, at);
    const piece = json.slice(at, end);
    if (isOpening(piece)) depth += 1;
    if (isClosing(piece)) depth -= 1;
    out += piece.length === 1 ? laidOut(piece, `\n${indent.repeat(depth)}`) : piece;
  }
  return out;
}

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

/**
 * JSON without white space, written for people: one field a line, two spaces a level. What is in it stays as it is
 * written, so that no number is read and none loses a digit.
 */
export function indentJson(json: string): string {
  let [out, depth, at] = ['', 0, 0];
  while (at < json.length) {
    const character = json[at] ?? '';
    const isEmpty = isOpening(character) && isClosing(json[at + 1]);
    const end = character === '"' ? endOfText(json, at) : at + (isEmpty ? 2 : 1);
    depth += isEmpty ? 0 : deeper(character);
    const line = `\n${indent.repeat(depth)}`;
    const piece = json.slice(at, end);
    if (isEmpty || character === '"') out += piece;
    else if (isOpening(character) || character === ',') out += piece + line;
    else if (isClosing(character)) out += line + piece;
    else out += character === ':' ? ': ' : piece;
    at = end;
  }
  return out;
}

const isOpening = (character: string): boolean => character === '{' || character === '[';
const deeper = (character: string): number => (isOpening(character) ? 1 : isClosing(character) ? -1 : 0);

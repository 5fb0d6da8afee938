// When a text is written plain, in quotes or as a block: the rules of the YAML library that real API servers write with.

/** How a text is written in YAML. */
export type TextStyle = 'plain' | 'single' | 'double' | 'literal';

/** Texts that stand for something else when they are plain. */
const words = new Set(
  ['', '~', 'y', 'Y', 'n', 'N', '.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf']
    .concat(['-.Inf', '-.INF'])
    .concat(['null', 'yes', 'no', 'on', 'off', 'true', 'false'].flatMap((word) => casesOf(word))),
);

function casesOf(word: string): string[] {
  return [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()];
}

const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const sixties = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const whole = /^[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]*|0[bB][01]+|[1-9][0-9]*)$/;
const moment = /^\d{4}-\d{1,2}-\d{1,2}(([Tt]| )\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

const isMoment = (text: string): boolean => moment.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)));

/** Whether a plain text would be read as a number, a time, a truth or nothing. */
function readsAsOther(text: string): boolean {
  if (words.has(text)) return true;
  if (!/^[-+.0-9]/.test(text)) return false;
  const plain = text.replaceAll('_', '');
  if (text.startsWith('.')) return float.test(text);
  return whole.test(plain) || float.test(plain) || sixties.test(text) || isMoment(text);
}

const flowOrBlock = new Set([...'#,[]{}&*!|>\'"%@`']);

/** Signs by which a plain text would be taken for structure. */
function hasIndicators(text: string): boolean {
  if (text.startsWith('---') || text.startsWith('...') || flowOrBlock.has(text[0] ?? '')) return true;
  return /^[-?:](\s|$)|:(\s|$)|\s#/.test(text);
}

/** Signs that are shown as they are; all others need an escape. */
const unprintable = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

function hasSpecial(text: string): boolean {
  return unprintable.test(text) || / \n/.test(text);
}

/** How a value is written, given where it stands: names are on one line. */
export function textStyle(text: string, isName = false): TextStyle {
  if (text.includes('\n')) return isName || hasSpecial(text) || text.endsWith(' ') ? 'double' : 'literal';
  if (readsAsOther(text) || hasSpecial(text)) return 'double';
  return hasIndicators(text) || /^ | $|[\u2028\u2029]/.test(text) ? 'single' : 'plain';
}

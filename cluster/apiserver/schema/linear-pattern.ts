import { RE2JS } from 're2js';

const maxKept = 2_000;
const kept = new Map<string, RE2JS>();

/**
 * A pattern in RE2's syntax, as Go has it. Matching takes time linear in the text: a pattern comes from whoever may define
 * a kind, and JavaScript's own engine would let one stall the server. Throws for a text that is no such pattern.
 */
function linearPattern(pattern: string): RE2JS {
  const known = kept.get(pattern);
  if (known) return known;
  const made = RE2JS.compile(pattern);
  if (kept.size >= maxKept) kept.clear();
  kept.set(pattern, made);
  return made;
}

/** True when the pattern is found anywhere in the text. */
export function matchesPattern(text: string, pattern: string): boolean {
  return linearPattern(pattern).matcher(text).find();
}

/** Everything in the text that the pattern matches, at most `limit` of it. */
export function findPattern(text: string, pattern: string, limit = Infinity): string[] {
  const matcher = linearPattern(pattern).matcher(text);
  const found: string[] = [];
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

/** Why a text is no pattern; undefined when it is one. */
export function patternProblem(pattern: string): string | undefined {
  try {
    linearPattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be compiled';
  }
}

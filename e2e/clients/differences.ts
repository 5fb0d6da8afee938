import { allowedDifferences } from './allowed-differences.ts';
import type { Answer } from './transcript.ts';

interface Compared {
  readonly expected: readonly Answer[];
  readonly answers: readonly Answer[];
  /** More commands whose answers may differ, by script, each with the reason. */
  readonly allowed?: Readonly<Record<string, string>>;
}

/** What a command was told that a real cluster does not tell it. What may differ is not compared, but it is still run. */
export function differences(script: string, { expected, answers, allowed = {} }: Compared): string[] {
  return expected.flatMap(({ command, output }, index) => {
    const answer = answers[index]?.output ?? 'nothing';
    const place = `${script}: ${command}`;
    if (answer === output || place in allowedDifferences || place in allowed) return [];
    return [`$ ${command}\n--- a real cluster\n${output}--- this one\n${answer}`];
  });
}

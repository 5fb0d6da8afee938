import { Environment, Optional } from '@marcbachmann/cel-js';
import { addKubernetesFunctions } from './cel-functions.ts';

/** What a rule can speak of. */
export interface CelVariables {
  readonly self: unknown;
  readonly oldSelf?: unknown;
}

/** A compiled expression, or why it is none. */
export type CelExpression =
  | { readonly type: string; evaluate(variables: CelVariables): unknown; readonly problem?: undefined }
  | { readonly problem: string };

/** `oldSelf` is optional in rules that also run when there is no old value. */
function environmentWith(oldSelf: 'dyn' | 'optional<dyn>'): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true });
  return addKubernetesFunctions(environment.registerVariable('self', 'dyn').registerVariable('oldSelf', oldSelf));
}

const environments = { required: environmentWith('dyn'), optional: environmentWith('optional<dyn>') };
const compiled = { required: new Map<string, CelExpression>(), optional: new Map<string, CelExpression>() };
const maxCompiled = 2_000;

/** Compiles once; an expression that does not parse, or calls what does not exist, gives its problem. */
export function celExpression(text: string, { optionalOldSelf = false } = {}): CelExpression {
  const form = optionalOldSelf ? 'optional' : 'required';
  const known = compiled[form].get(text);
  if (known) return known;
  if (compiled[form].size >= maxCompiled) compiled[form].clear();
  const made = compile(text, form);
  compiled[form].set(text, made);
  return made;
}

function compile(text: string, form: keyof typeof environments): CelExpression {
  const source = withLinearMatches(text);
  try {
    const checked = environments[form].check(source);
    if (!checked.valid) return { problem: celProblem(checked.error) };
    const run = environments[form].parse(source);
    return {
      type: checked.type ?? 'dyn',
      evaluate: ({ self, oldSelf }): unknown =>
        run({ self, oldSelf: form === 'optional' ? Optional.of(oldSelf) : oldSelf }),
    };
  } catch (error) {
    return { problem: celProblem(error) };
  }
}

/** Calls of `matches` outside of texts go to RE2; the engine's own function of that name cannot be replaced. */
function withLinearMatches(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\bmatches(?=\s*\()/g, (found) =>
    found === 'matches' ? 'linearMatches' : found,
  );
}

/** The engine's words on one line, without the excerpt it adds. */
export function celProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : 'it cannot be evaluated';
  return (message.split('\n')[0] ?? '').replaceAll('linearMatches', 'matches');
}

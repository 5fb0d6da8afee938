/** Reads the values at a JSONPath of an object. */
export type ReadPath = (object: unknown) => readonly unknown[];

type Step = (values: readonly unknown[]) => readonly unknown[];

const part =
  /\.?([A-Za-z_$][\w$-]*)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|(\*)|\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\))\]|\.(\*)/y;

function fieldIn(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return [(value as Record<string, unknown>)[name]]; // cast: a non-null object that has the name
}

const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => fieldIn(value, name));
const item =
  (index: number): Step =>
  (values) =>
    values
      .filter((value) => Array.isArray(value))
      .flatMap((value) => (value as unknown[]).slice(index, index === -1 ? undefined : index + 1)); // cast: a list of anything
const every: Step = (values) =>
  values.flatMap((value) => (typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [])); // cast: values of anything

function chosen(path: string, wanted: string): Step {
  const inner = path.split('.').map(field);
  return (values) =>
    values
      .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [])) // cast: a list of anything
      .filter((one) =>
        inner.reduce<readonly unknown[]>((found, step) => step(found), [one]).some((at) => at === wanted),
      );
}

function stepOf(found: RegExpExecArray): Step {
  const [, plain, single, double, index, star, path, wanted, dotStar] = found;
  if (star !== undefined || dotStar !== undefined) return every;
  if (index !== undefined) return item(Number(index));
  if (path !== undefined) return chosen(path, wanted ?? '');
  const name = plain ?? single ?? double ?? '';
  return field(name.replace(/\\(.)/g, '$1'));
}

/**
 * A path as printed columns of definitions have it: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`,
 * `.spec.list[0]`, `['a.b']`. `undefined` for one that says more than that.
 */
export function jsonPath(text: string): ReadPath | undefined {
  const path = withDots(text.replace(/^\{|\}$/g, '').replace(/^\$/, ''));
  const steps: Step[] = [];
  const next = new RegExp(part);
  while (next.lastIndex < path.length) {
    const found = next.exec(path);
    if (!found) return undefined;
    steps.push(stepOf(found));
  }
  if (steps.length === 0) return undefined;
  return (object) => steps.reduce<readonly unknown[]>((values, step) => step(values), [object]);
}

/** A name with a dot that a backslash keeps from being a step is put into brackets. */
function withDots(path: string): string {
  return path.replace(
    /\.((?:[^.[\]\\]|\\.)*\\\.(?:[^.[\]\\]|\\.)*)/g,
    (_all, name: string) => `['${name.replaceAll('\\.', '.')}']`,
  );
}

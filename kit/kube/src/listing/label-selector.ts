import { ApiError } from '@kit/base';

type Labels = Readonly<Record<string, string>>;

/** One clause of a selector; all clauses of a selector must hold. */
type Clause = (labels: Labels) => boolean;

const key = String.raw`[A-Za-z0-9][-A-Za-z0-9_./]*`;
const exists = new RegExp(`^(!?)\\s*(${key})$`);
const compares = new RegExp(`^(${key})\\s*(==|=|!=|<|>)\\s*([-A-Za-z0-9_.]*)$`);
const isIn = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

function comparison(name: string, operator: string, value: string): Clause {
  if (operator === '!=') return (labels) => labels[name] !== value;
  if (operator === '>') return (labels) => Number(labels[name]) > Number(value);
  if (operator === '<') return (labels) => Number(labels[name]) < Number(value);
  return (labels) => labels[name] === value;
}

function membership(name: string, wanted: boolean, list: string): Clause {
  const values = new Set(list.split(',').map((value) => value.trim()));
  return (labels) => (Object.hasOwn(labels, name) && values.has(labels[name] ?? '')) === wanted;
}

function clauseOf(text: string): Clause | undefined {
  const compared = compares.exec(text);
  if (compared) return comparison(compared[1] ?? '', compared[2] ?? '', compared[3] ?? '');
  const listed = isIn.exec(text);
  if (listed) return membership(listed[1] ?? '', listed[2] === 'in', listed[3] ?? '');
  const named = exists.exec(text);
  if (!named) return undefined;
  const name = named[2] ?? '';
  return (labels) => Object.hasOwn(labels, name) !== (named[1] === '!');
}

/** Cuts at the commas that stand outside brackets. */
function clausesIn(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/**
 * A label selector in Kubernetes' syntax (`app=web,tier!=db,env in (a,b),!canary`) as a predicate. Throws `BadRequest`
 * naming the clause that cannot be read; `parameter` is what the caller called it.
 */
export function labelSelector(selector: string, parameter = 'labelSelector'): (labels: Labels) => boolean {
  const clauses = clausesIn(selector).map((text) => {
    const clause = clauseOf(text);
    if (clause) return clause;
    throw new ApiError(
      'BadRequest',
      `${parameter}: cannot read "${text}"; write key=value, key!=value, key in (a,b), key or !key`,
    );
  });
  return (labels) => clauses.every((clause) => clause(labels));
}

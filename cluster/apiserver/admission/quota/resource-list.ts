import { amountOf, amountText, larger, minus, none, plus } from '@kit/base/amount';
import type { Amount } from '@kit/base/amount';

/** Amounts by resource name, e.g. `cpu` or `requests.storage`. */
export type ResourceList = Readonly<Record<string, Amount>>;

export function readList(given: Readonly<Record<string, unknown>> | null | undefined): ResourceList {
  return Object.fromEntries(Object.entries(given ?? {}).map(([name, quantity]) => [name, amountOf(quantity)]));
}

export function writeList(list: ResourceList): Record<string, string> {
  return Object.fromEntries(
    Object.entries(list)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, amount]) => [name, amountText(amount)]),
  );
}

function combine(a: ResourceList, b: ResourceList, by: (x: Amount, y: Amount) => Amount): ResourceList {
  const result: Record<string, Amount> = { ...a };
  for (const [name, amount] of Object.entries(b)) result[name] = by(a[name] ?? none, amount);
  return result;
}

export function sum(...lists: readonly ResourceList[]): ResourceList {
  let total: ResourceList = {};
  for (const list of lists) total = combine(total, list, plus);
  return total;
}

export function difference(a: ResourceList, b: ResourceList): ResourceList {
  return combine(a, b, minus);
}

/** Of each resource the larger amount. */
export function most(...lists: readonly ResourceList[]): ResourceList {
  let result: ResourceList = {};
  for (const list of lists) {
    const known = result;
    result = combine(known, list, (x, y) => larger(x, y));
  }
  return result;
}

/** The part of the list that names one of the resources. */
export function mask(list: ResourceList, names: Iterable<string>): ResourceList {
  const wanted = new Set(names);
  return Object.fromEntries(Object.entries(list).filter(([name]) => wanted.has(name)));
}

/** `cpu=1,memory=2Gi`, as refusals write it. */
export function listText(list: ResourceList): string {
  return Object.entries(writeList(list))
    .map(([name, text]) => `${name}=${text}`)
    .join(',');
}

import { dynType, errorType, isSameType, withParams, type CelType, type TypeKind } from './cel-type.ts';

/** What type parameters stand for, by their names. */
export type Bindings = ReadonlyMap<string, CelType>;

const nullable = new Set<TypeKind>(['opaque', 'struct', 'timestamp', 'duration']);
const isWild = ({ kind }: CelType): boolean => kind === 'dyn' || kind === 'error';

/** The bindings with which each type on the left can be used as the one on the right; undefined when there are none. */
export function assignable(
  bindings: Bindings,
  left: readonly CelType[],
  right: readonly CelType[],
): Bindings | undefined {
  const next = new Map(bindings);
  return assignableAll(next, left, right) ? next : undefined;
}

type Working = Map<string, CelType>;

function assignableAll(bindings: Working, left: readonly CelType[], right: readonly CelType[]): boolean {
  return left.length === right.length && left.every((type, index) => fits(bindings, type, right[index] ?? errorType));
}

function fits(bindings: Working, a: CelType, b: CelType): boolean {
  if (b.kind === 'param') {
    const found = substitutes(bindings, a, b);
    if (found.valid || found.bound) return found.valid;
  }
  if (a.kind === 'param') return substitutes(bindings, b, a).valid;
  if (isWild(a) || isWild(b)) return true;
  if (a.kind === 'null') return b.kind === 'null' || nullable.has(b.kind);
  if (b.kind === 'null') return nullable.has(a.kind);
  return fitsConcrete(bindings, a, b);
}

function fitsConcrete(bindings: Working, a: CelType, b: CelType): boolean {
  if (a.kind === 'type') return b.kind === 'type';
  if (a.kind === 'list' || a.kind === 'map' || a.kind === 'opaque')
    return a.kind === b.kind && a.name === b.name && assignableAll(bindings, a.params, b.params);
  return a.kind === b.kind && a.name === b.name;
}

/** Whether the parameter can stand for the type, and whether it stands for something already. */
function substitutes(bindings: Working, type: CelType, param: CelType): { valid: boolean; bound: boolean } {
  if (type.kind === 'param' && type.name === param.name) return { valid: true, bound: true };
  const bound = bindings.get(param.name);
  if (!bound) {
    if (occursIn(bindings, param, type)) return { valid: false, bound: false };
    bindings.set(param.name, type);
    return { valid: true, bound: false };
  }
  if (isSameType(type, bound)) return { valid: true, bound: true };
  if (!fits(bindings, type, bound)) return { valid: false, bound: true };
  const general = moreGeneral(type, bound);
  if (!occursIn(bindings, param, general)) bindings.set(param.name, general);
  return { valid: true, bound: true };
}

function occursIn(bindings: Working, param: CelType, type: CelType): boolean {
  if (isSameType(param, type)) return true;
  if (type.kind === 'param') {
    const bound = bindings.get(type.name);
    return bound !== undefined && occursIn(bindings, param, bound);
  }
  return type.params.some((inner) => occursIn(bindings, param, inner));
}

/** The one of two types that fit that says less. */
export function moreGeneral(a: CelType, b: CelType): CelType {
  return saysNoMore(a, b) ? a : b;
}

function saysNoMore(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true;
  if (b.kind === 'dyn' || b.kind === 'param' || a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  if (a.params.length === 0) return isSameType(a, b);
  if (a.name !== b.name || a.params.length !== b.params.length) return false;
  return a.params.every((param, index) => saysNoMore(param, b.params[index] ?? errorType));
}

/** The type with what its parameters stand for; `open` is put where one stands for nothing. */
export function substitute(bindings: Bindings, type: CelType, open?: 'dyn'): CelType {
  const bound = type.kind === 'param' ? bindings.get(type.name) : undefined;
  if (bound) return substitute(bindings, bound, open);
  if (type.kind === 'param') return open ? dynType : type;
  if (type.params.length === 0) return type;
  return withParams(
    type.name,
    type.params.map((param) => substitute(bindings, param, open)),
  );
}

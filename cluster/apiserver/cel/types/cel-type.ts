/** What sorts of types there are. */
export type TypeKind =
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'dyn'
  | 'error'
  | 'list'
  | 'map'
  | 'struct'
  | 'opaque'
  | 'type'
  | 'param';

export interface CelType {
  readonly kind: TypeKind;
  /** What it is called; parameters are not part of it. */
  readonly name: string;
  readonly params: readonly CelType[];
  /** Of structs: the type of a field; undefined when there is none of that name. */
  readonly field?: (name: string) => CelType | undefined;
}

const plain = (kind: TypeKind, name: string = kind): CelType => ({ kind, name, params: [] });

export const boolType = plain('bool');
export const intType = plain('int');
export const uintType = plain('uint');
export const doubleType = plain('double');
export const stringType = plain('string');
export const bytesType = plain('bytes');
export const nullType = plain('null');
export const timestampType = plain('timestamp');
export const durationType = plain('duration');
export const dynType = plain('dyn');
export const errorType = plain('error', '!error!');

export const listType = (item: CelType): CelType => ({ kind: 'list', name: 'list', params: [item] });
export const mapType = (key: CelType, value: CelType): CelType => ({ kind: 'map', name: 'map', params: [key, value] });
export const opaqueType = (name: string, ...params: CelType[]): CelType => ({ kind: 'opaque', name, params });
export const optionalType = (value: CelType): CelType => opaqueType('optional_type', value);
export const typeType = (of?: CelType): CelType => ({ kind: 'type', name: 'type', params: of ? [of] : [] });
export const paramType = (name: string): CelType => plain('param', name);
export const structType = (name: string, field: (name: string) => CelType | undefined = () => undefined): CelType => ({
  kind: 'struct',
  name,
  params: [],
  field,
});

export const isOptional = (type: CelType): boolean => type.kind === 'opaque' && type.name === 'optional_type';

/** A type as messages show it. */
export function typeText(type: CelType): string {
  return type.params.length === 0 ? type.name : `${type.name}(${type.params.map(typeText).join(', ')})`;
}

const runtimeNames: Readonly<Record<string, string>> = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  null: 'null_type',
};

/** The name of a type as a value. */
export function runtimeName({ name }: CelType): string {
  return runtimeNames[name] ?? name;
}

export function isSameType(a: CelType, b: CelType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false;
  return a.params.every((param, index) => isSameType(param, b.params[index] ?? errorType));
}

const named = new Map<string, CelType>(
  [boolType, intType, uintType, doubleType, stringType, bytesType, nullType, timestampType, durationType, dynType].map(
    (type) => [type.name, type],
  ),
);
const structNames = new Set(['kubernetes', 'Object', 'JSONPatch']);
const declared = new Map<string, CelType>();

/** Types without fields that the libraries bring; one value per name. */
function declaredType(name: string): CelType {
  const known = declared.get(name);
  if (known) return known;
  const isStruct = structNames.has(name.split('.')[0] ?? '');
  const made = isStruct ? structType(name) : opaqueType(name);
  declared.set(name, made);
  return made;
}

/** Reads `list<map<string, A>>`; a single capital letter is a parameter. */
export function readType(text: string): CelType {
  const [, name = '', inner] = /^([\w.]+)(?:<(.*)>)?$/.exec(text.trim()) ?? [];
  if (inner === undefined) return /^[A-Z]$/.test(name) ? paramType(name) : (named.get(name) ?? declaredType(name));
  return withParams(name === 'optional' ? 'optional_type' : name, splitTypes(inner).map(readType));
}

/** A type of this name over others. */
export function withParams(name: string, params: readonly CelType[]): CelType {
  const [first = dynType, second = dynType] = params;
  if (name === 'list') return listType(first);
  if (name === 'map') return mapType(first, second);
  return name === 'type' ? typeType(first) : opaqueType(name, ...params);
}

/** Splits at the commas that are not inside brackets. */
export function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of text) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(current);
      current = '';
    } else current += character;
  }
  if (current.trim() !== '') parts.push(current);
  return parts.map((part) => part.trim());
}

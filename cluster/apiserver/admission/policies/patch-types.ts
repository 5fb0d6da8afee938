import { dynType, opaqueType, stringType, structType, type CelType } from '../../cel/types/cel-type.ts';

const known = new Map<string, CelType>();

/** `Object`, and `Object.spec.template` for what stands at a place in it: their fields are looked at when they are used. */
function objectType(name: string): CelType {
  const found = known.get(name);
  if (found) return found;
  const made = structType(name, () => dynType);
  known.set(name, made);
  return made;
}

const patchFields: ReadonlyMap<string, CelType> = new Map([
  ['op', stringType],
  ['path', stringType],
  ['from', stringType],
  ['value', dynType],
]);
/** A field that is not there has a type that nothing has. */
const noType = opaqueType('');
const patchType = structType('JSONPatch', (field) => patchFields.get(field) ?? noType);

/** The types that mutating policies can make values of. */
export function patchTypeNamed(name: string): CelType | undefined {
  if (name === 'JSONPatch') return patchType;
  return name === 'Object' || /^Object(\.[A-Za-z_]\w*)+$/.test(name) ? objectType(name) : undefined;
}

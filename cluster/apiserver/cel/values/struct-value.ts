import type { CelType } from '../types/cel-type.ts';
import { isEqual } from './equality.ts';
import type { CelMap, OpaqueValue, Value } from './value.ts';

/** A value of a type with fields that an expression made: `JSONPatch{...}`, `Object{...}`. */
export class StructValue implements OpaqueValue, CelMap {
  readonly isCelMap = true;
  readonly celType: CelType;
  readonly #fields: ReadonlyMap<string, Value>;

  constructor(type: CelType, fields: ReadonlyMap<string, Value>) {
    this.celType = type;
    this.#fields = fields;
  }

  get size(): number {
    return this.#fields.size;
  }

  get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#fields.get(key) : undefined;
  }

  keys(): Value[] {
    return [...this.#fields.keys()];
  }

  equals(other: Value): boolean {
    return (
      other instanceof StructValue &&
      other.size === this.size &&
      [...this.#fields].every(([name, value]) => isEqual(value, other.get(name) ?? null))
    );
  }
}

import type { GoField, Json, JsonObject, Schema } from './schema.ts';

/**
 * Fills in what Go's encoder writes for fields nobody set: empty structs, and zero values of fields that are not
 * omitted when empty. Clients written against the real server rely on `status: {}` and `resources: {}` being there.
 */
export function completeZeroValues(schema: Schema, value: Json | undefined): void {
  complete(planOf(schema), value);
}

/** What there is to do for the values of one schema. Every write asks for it, so it is worked out once. */
interface Plan {
  /** False when nothing is to be done here or below; plans of schemas that hold themselves are true. */
  needed: boolean;
  items?: Plan;
  values?: Plan;
  /** By name; an object has few of the fields its kind could have. */
  fields: Map<string, Plan>;
  zeros: ZeroField[];
}

/** A field that is never left out: its value where it is unset, made anew each time. */
interface ZeroField {
  readonly name: string;
  readonly zero: () => Json;
}

const plans = new WeakMap<Schema, Plan>();

function planOf(schema: Schema): Plan {
  const known = plans.get(schema);
  if (known) return known;
  const plan: Plan = { needed: true, fields: new Map(), zeros: [] };
  plans.set(schema, plan);
  if (schema.items) plan.items = planOf(schema.items);
  if (typeof schema.additionalProperties === 'object') plan.values = planOf(schema.additionalProperties);
  if (schema.go) planFields(plan, schema, schema.go);
  plan.needed = Boolean(plan.items?.needed) || Boolean(plan.values?.needed) || plan.fields.size > 0;
  return plan;
}

function planFields(plan: Plan, { properties = {} }: Schema, go: NonNullable<Schema['go']>): void {
  for (const [name, child] of Object.entries(properties)) {
    const zero = zeroMaker(child, go[name]);
    plan.fields.set(name, planOf(child));
    if (zero) plan.zeros.push({ name, zero });
  }
}

function complete(plan: Plan, value: Json | undefined): void {
  if (!plan.needed) return;
  if (Array.isArray(value)) {
    if (plan.items?.needed) for (const item of value) complete(plan.items, item);
  } else if (value && typeof value === 'object') {
    completeObject(plan, value);
  }
}

function completeObject({ values, fields, zeros }: Plan, value: JsonObject): void {
  if (values?.needed) for (const name in value) complete(values, value[name]);
  if (fields.size > 0) for (const name in value) completeField(fields.get(name), value, name);
  for (const { name, zero } of zeros) if (value[name] === undefined || value[name] === null) value[name] = zero();
}

function completeField(plan: Plan | undefined, value: JsonObject, name: string): void {
  const present = value[name];
  if (!plan || present === undefined) return;
  if (present !== null) complete(plan, present);
  else delete value[name]; // only of what is there: a delete makes an object slow for everybody after
}

/** What is written for an unset field; undefined when the field is left out. */
function zeroMaker(schema: Schema, go: GoField | undefined): (() => Json) | undefined {
  if (!go || go.omitZero) return undefined;
  if (go.pointer) return go.omitEmpty ? undefined : () => null;
  if (isStruct(schema)) {
    return () => {
      const empty: JsonObject = {};
      completeObject(planOf(schema), empty);
      return empty;
    };
  }
  // structs with their own JSON form are never empty to Go's encoder
  if (schema.quantity) return () => '0';
  if (schema.format === 'date-time' || schema.format === 'micro-time') return () => null;
  if (go.omitEmpty) return undefined;
  const zero = zeroScalar(schema);
  return () => zero;
}

function zeroScalar(schema: Schema): Json {
  if (schema.intOrString) return 0;
  if (schema.type === 'string') return schema.format === 'byte' ? null : '';
  if (schema.type === 'integer' || schema.type === 'number') return 0;
  return schema.type === 'boolean' ? false : null;
}

function isStruct(schema: Schema): boolean {
  return schema.type === 'object' && schema.properties !== undefined && schema.go !== undefined;
}

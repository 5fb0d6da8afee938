/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/**
 * What a kind looks like: one form for built-in kinds (made from the API's OpenAPI document and Go types) and for
 * custom ones (made from a structural schema). References are resolved: the graph of a recursive kind has cycles.
 */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly description?: string;

  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;

  /** Unknown fields are kept (x-kubernetes-preserve-unknown-fields, RawExtension, JSON). */
  readonly preserveUnknown?: boolean;
  /** A whole object with apiVersion, kind and metadata (x-kubernetes-embedded-resource). */
  readonly embeddedResource?: boolean;
  readonly intOrString?: boolean;
  readonly quantity?: boolean;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** Strategic merge only. */
  readonly patchMergeKey?: string;
  readonly patchStrategy?: string;
  readonly rules?: readonly ValidationRule[];

  /** Built-in kinds: the schema's name in the OpenAPI document, e.g. `io.k8s.api.core.v1.PodSpec`. */
  readonly name?: string;
  /** Built-in kinds: how the Go struct holds each property; decides what a decoded body keeps and what error it gives. */
  readonly go?: Readonly<Record<string, GoField>>;
}

export interface GoField {
  /** As Go's decoder prints it: `int32`, `v1.ServiceType`. The element type for lists and maps. */
  readonly type: string;
  /** Structs it is embedded from, each followed by a dot: Go's decoder names them in paths. */
  readonly embedded: string;
  readonly pointer: boolean;
  /** Left out when it has its zero value. */
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
}

/** One CEL rule of a custom kind (x-kubernetes-validations). */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

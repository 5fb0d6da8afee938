import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { Converter } from '../conversion/call-converter.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';

/** One served kind of one group version: everything discovery, the generic store and the endpoints ask about it. */
export interface KindInfo {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  /** Lower-case plural, as in paths. */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly SubresourceInfo[];
  readonly schema: Schema;
  /** Name in the OpenAPI document; absent for custom kinds. */
  readonly schemaName?: string;
  readonly storageVersionHash?: string;
  readonly builtin: boolean;
  /** Built-in kinds that are served in another version than they are stored in. */
  readonly storedAs?: {
    readonly fromStored: (object: ClusterObject) => ClusterObject;
    readonly toStored: (object: ClusterObject) => ClusterObject;
  };
  readonly strategy: Strategy;
  /** Custom kinds: additionalPrinterColumns. */
  readonly printerColumns?: readonly PrinterColumn[];
  /** Custom kinds: JSON paths of the scale subresource. */
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string;
  };
  /** Custom kinds: a version that is served with this warning. */
  readonly deprecationWarning?: string;
  /** Custom kinds with defaults: fills in, in place, those that came after an object was stored. */
  readonly completeStored?: (object: JsonObject) => void;
  /** Custom kinds of a definition with several versions: how objects are stored and converted. */
  readonly conversion?: {
    /** The version new states are stored in. */
    readonly storageVersion: string;
    /** The version of stored objects that do not tell: those from before there were several. */
    readonly firstVersion: string;
    /** All versions, served or not, but for their names. */
    readonly versions: () => readonly KindInfo[];
    /** Without one only `apiVersion` differs. */
    readonly webhook?: Converter;
  };
  /** Objects that are made when somebody asks for them, and never stored: such kinds can be read only. */
  readonly computed?: ComputedObjects;
  /** Custom kinds: is this the version objects are stored in. */
  readonly storage?: boolean;
}

/** Where the objects of a kind come from that is not stored. */
export interface ComputedObjects {
  /** Throws `NotFound` when there is no such object. */
  get(namespace: string, name: string): Promise<ClusterObject>;
  list(namespace: string | undefined): Promise<readonly ClusterObject[]>;
  /** The cells of a row after the name. */
  cells(object: JsonObject): Json[];
}

export interface SubresourceInfo {
  /** `status`, `scale`, `log`, ... */
  readonly name: string;
  readonly kind: string;
  /** Set where the kind lives in another group version, e.g. Scale in autoscaling/v1. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** What a strategy may need from outside while it prepares an object. */
export interface StrategyContext {
  /** RFC 3339, whole seconds. */
  readonly now: string;
  readonly user: string;
  readonly groups?: readonly string[];
  /** True for a dry run: allocate nothing that must be released. */
  readonly dryRun?: boolean;
  /** Services: a free cluster IP, or the wanted one; undefined when the wanted one is taken or outside the range. */
  allocateClusterIp?(wanted?: string): string | undefined;
  /** Services: a free node port, or the wanted one; undefined as above. */
  allocateNodePort?(wanted?: number): number | undefined;
  /** Pods: value and preemption policy of a priority class; '' asks for the global default. */
  priorityClass?(name: string): { value: number; preemptionPolicy?: string } | undefined;
}

/**
 * How the generic store treats a kind. All functions are pure but for changing the object they are given.
 * Order on create: decode -> `defaults` -> server sets uid, creationTimestamp, generation 1 if `hasGeneration` ->
 * `prepareForCreate` -> name generation -> `validate`. On update: decode or patch -> `defaults` -> metadata the client may
 * not change is put back -> `prepareForUpdate` (status is put back from `old`) -> generation grows if `changesGeneration` ->
 * `validateUpdate`. On /status: `prepareForStatusUpdate` (everything but status is put back) -> `validateStatusUpdate`.
 */
export interface Strategy {
  /** Has /status: then the main endpoint ignores status and /status ignores the rest. */
  readonly hasStatus: boolean;
  /** metadata.generation is 1 on create and grows with `changesGeneration`. Otherwise a sent value is kept. */
  readonly hasGeneration: boolean;
  /** PUT without resourceVersion overwrites. */
  readonly allowUnconditionalUpdate: boolean;
  /** PUT of a missing object creates it. */
  readonly allowCreateOnUpdate: boolean;
  /** Pods only: deletion waits for `deletionGracePeriodSeconds`. */
  readonly gracefulDelete: boolean;
  /** Fills in defaults; safe to repeat. */
  defaults(object: ClusterObject): void;
  prepareForCreate(object: ClusterObject, context: StrategyContext): void;
  prepareForUpdate(next: ClusterObject, old: ClusterObject, context: StrategyContext): void;
  prepareForStatusUpdate(next: ClusterObject, old: ClusterObject): void;
  /** True when `next` differs from `old` in what generation counts. */
  changesGeneration(next: ClusterObject, old: ClusterObject): boolean;
  /** Everything that is wrong with a new object, metadata included. */
  validate(object: ClusterObject): Cause[];
  validateUpdate(next: ClusterObject, old: ClusterObject): Cause[];
  validateStatusUpdate(next: ClusterObject, old: ClusterObject): Cause[];
  /** Texts for Warning headers of an accepted create, or of an update of `old`. */
  warnings(object: ClusterObject, old?: ClusterObject): string[];
  /** Values by field label, for field selectors; a label that is not here is not supported. */
  fieldLabels(object: ClusterObject): Readonly<Record<string, string>>;
  /** The labels `fieldLabels` gives, for refusing others before any object is read. */
  readonly fieldLabelNames: readonly string[];
}

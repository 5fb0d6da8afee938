import type { Clock } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { KindInfo, StrategyContext } from '../kinds/kind-info.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import type { Storage } from '../storage/storage.ts';
import type { Version } from '../storage/version.ts';
import type { KindRegistry } from './kind-registry.ts';

/** Who sends a request. */
export interface Caller {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** One object, or with no name the collection it would be in. No namespace is ''. */
export interface Target {
  readonly kind: KindInfo;
  readonly namespace: string;
  readonly name: string;
  readonly subresource?: string;
}

/** What every write carries besides its body. */
export interface WriteContext {
  readonly caller: Caller;
  readonly dryRun: boolean;
  readonly fieldManager: string;
  /** What to do with fields nobody knows: drop them, drop them with a warning, refuse. */
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Texts for the caller that do not make the request fail; the write adds to them. */
  readonly warnings: string[];
  /** The options as the client sent them, for those admission asks. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Notes a fact about the request for its audit event. */
  readonly annotate?: (key: string, value: string) => void;
}

/** What a deletion carries besides its options. */
export type DeleteContext = Pick<WriteContext, 'caller' | 'dryRun' | 'annotate'> &
  Partial<Pick<WriteContext, 'warnings'>>;

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What a body is: the kind of the URL, or that of its subresource, e.g. `autoscaling/v1` `Scale`. */
export interface ObjectKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One write as admission sees it. The same value goes through both phases of one attempt. */
export interface AdmissionRequest {
  readonly operation: Operation;
  /** Where it goes. A created object that has no name yet has '' here while it is mutated. */
  readonly target: Target;
  readonly objectKind: ObjectKind;
  /**
   * The new object: the caller's own copy, which a mutating step may change, or replace by another one. On DELETE the
   * one to go, which is `old` too; on CONNECT the options of the connection.
   */
  object: ClusterObject;
  readonly old: ClusterObject | undefined;
  readonly caller: Caller;
  readonly dryRun: boolean;
  /** What the client asked for beside the object: `CreateOptions`, `UpdateOptions`, `DeleteOptions`, as it sent them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Texts for the caller of a write, refused or not. */
  readonly warnings: string[];
  /** Notes a fact about the request for its audit event. */
  annotate(key: string, value: string): void;
  /** Calls `undo` when the write does not come about after all, for whatever a step has taken or counted. */
  onFailure(undo: () => void): void;
  /** The mutating steps run once, and once more (round 1) when one of them asks for it. */
  round: 0 | 1;
  wantsSecondRound: boolean;
}

/**
 * One step of admission. A phase calls the steps in their order (`admission/admission-steps.ts`); the first that throws
 * decides. A step that has to wait for others answers a promise; one that has nothing to ask anybody must answer
 * nothing, so that writes it does not concern cost no turn of the event loop.
 */
export interface AdmissionStep {
  /** Before the object is completed and validated; may change it. Must be safe to repeat: a write is retried when another one was faster. */
  mutate?(request: AdmissionRequest): Promise<void> | void;
  /** The object as it will be stored, complete and valid; must not change it. */
  validate?(request: AdmissionRequest): Promise<void> | void;
}

/** Both phases; `undefined` when all is done at once. Between the end of `validate` and the write nothing else runs. */
export interface Admission {
  mutate(request: AdmissionRequest): Promise<void> | undefined;
  validate(request: AdmissionRequest): Promise<void> | undefined;
}

/** Values a write takes out of a shared range; given back when the write fails. */
export interface Allocation {
  readonly context: Pick<StrategyContext, 'allocateClusterIp' | 'allocateNodePort' | 'priorityClass'>;
  release(): void;
}

/** What the generic store is made of. */
export interface StoreDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly admission: Admission;
  /** Asks the webhooks that convert objects. */
  readonly outbound: OutboundClient;
  allocate(dryRun: boolean): Allocation;
}

/** What came of a write. */
export interface Written {
  /** Its stored state, where its bytes are those of the object. */
  readonly version?: Version;
  readonly object: ClusterObject;
  readonly created: boolean;
}

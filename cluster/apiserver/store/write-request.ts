import type { Clock } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { KindInfo, StrategyContext } from '../kinds/kind-info.ts';
import type { Storage } from '../storage/storage.ts';
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
}

/** A built-in rule that looks at every write before it is validated; it may change `object`, or throw `Forbidden`. */
export type Admission = (request: AdmissionRequest) => void;

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  /** The new object; on DELETE the one to go. */
  readonly object: ClusterObject;
  readonly old: ClusterObject | undefined;
  readonly caller: Caller;
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
  readonly admit: Admission;
  allocate(dryRun: boolean): Allocation;
}

/** What came of a write. */
export interface Written {
  readonly object: ClusterObject;
  readonly created: boolean;
}

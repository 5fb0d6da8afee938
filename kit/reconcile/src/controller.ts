import type { KubeObject, ObjectKey, ResourceType, Row } from '@kit/kube';
import type { StatusOf } from './status.ts';
import type { Step } from './step.ts';

/** Another kind whose changes concern objects of the controller's. */
export interface WatchedKind {
  readonly type: ResourceType;
  /** The objects of the controller's kind that a changed row concerns. */
  readonly map: (row: Row) => readonly ObjectKey[];
}

/** What makes the world as the objects of one kind say: read `steps` and you know it. */
export interface Controller<T extends KubeObject, Deps> {
  /** In kebab-case; names it in the log. */
  readonly name: string;
  readonly type: ResourceType;
  /** Kinds it makes: a change of one that carries an owner reference runs its owner again. */
  readonly owns?: readonly ResourceType[];
  readonly watches?: readonly WatchedKind[];
  readonly steps: readonly Step<T, Deps>[];
  /** Kept on every object from before the first step until `finalize` is done: `iam.freehold.io/user`. */
  readonly finalizer?: string;
  /** What has to happen before an object may go. */
  readonly finalize?: readonly Step<T, Deps>[];
  /** The manager its writes carry in `managedFields`. */
  readonly fieldOwner: string;
  /** Only for kinds with a status subresource: what the runner writes there after each run, e.g. `readyStatus`. */
  readonly status?: StatusOf<T>;
  /** How many objects are worked on at once. */
  readonly concurrency?: number;
}

/** Declares a controller. */
export function defineController<T extends KubeObject, Deps>(controller: Controller<T, Deps>): Controller<T, Deps> {
  if ((controller.finalizer === undefined) !== (controller.finalize === undefined)) {
    throw new Error(`controller ${controller.name}: finalizer and finalize need each other`);
  }
  return controller;
}

/** A controller together with what its steps need, ready to be started beside others. */
export interface BoundController {
  readonly controller: Controller<KubeObject, unknown>;
  readonly deps: unknown;
}

export function bindController<T extends KubeObject, Deps>(
  controller: Controller<T, Deps>,
  deps: Deps,
): BoundController {
  return { controller: controller as unknown as Controller<KubeObject, unknown>, deps }; // the pair matches; a list of pairs cannot say so
}

import type { ClusterObject } from '../../client.ts';
import type {
  AdmissionRequest,
  Caller,
  DeleteContext,
  ObjectKind,
  Operation,
  StoreDeps,
  Target,
  WriteContext,
} from './write-request.ts';

interface Attempted {
  readonly operation: Operation;
  readonly target: Target;
  readonly objectKind?: ObjectKind;
  readonly object: ClusterObject;
  readonly old: ClusterObject | undefined;
  readonly context: DeleteContext & Pick<WriteContext, 'options'>;
}

/** One attempt of a write on its way through admission. */
export class AdmissionAttempt implements AdmissionRequest {
  readonly operation: Operation;
  readonly objectKind: ObjectKind;
  readonly old: ClusterObject | undefined;
  readonly warnings: string[];
  object: ClusterObject;
  target: Target;
  round: 0 | 1 = 0;
  wantsSecondRound = false;
  readonly #context: Attempted['context'];
  #undo: (() => void)[] | undefined;

  constructor({ operation, target, objectKind, object, old, context }: Attempted) {
    this.operation = operation;
    this.target = target;
    this.objectKind = objectKind ?? target.kind;
    this.object = object;
    this.old = old;
    this.warnings = context.warnings ?? [];
    this.#context = context;
  }

  get caller(): Caller {
    return this.#context.caller;
  }

  get dryRun(): boolean {
    return this.#context.dryRun;
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.#context.options ?? {};
  }

  annotate(key: string, value: string): void {
    this.#context.annotate?.(key, value);
  }

  onFailure(undo: () => void): void {
    (this.#undo ??= []).push(undo);
  }

  /** Takes back what steps have taken; for a write that has failed, or that only was tried. */
  undo(): void {
    for (const undo of this.#undo?.splice(0) ?? []) undo();
  }
}

/**
 * Admission of a request whose body is not stored as it is: the body of a subresource (`pods/binding`), a review, the
 * options of a connection. Answers the body as admission leaves it.
 */
export async function admitUnstored(
  { admission }: Pick<StoreDeps, 'admission'>,
  target: Target,
  request: { operation: 'CREATE' | 'CONNECT'; object: ClusterObject; objectKind: ObjectKind; context: WriteContext },
): Promise<ClusterObject> {
  const attempt = new AdmissionAttempt({ ...request, target, old: undefined });
  try {
    await admission.mutate(attempt);
    await admission.validate(attempt);
    return attempt.object;
  } catch (error) {
    attempt.undo();
    throw error;
  }
}

import { isDeepStrictEqual } from 'node:util';
import { convertObject } from '../../conversion/convert-object.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import { GivenStatus } from '../../store/given-status.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied } from '../denied.ts';
import { isExempt } from '../webhooks/invocation.ts';
import { shaped } from '../webhooks/shown-object.ts';
import type { AdmissionInput } from './admission-input.ts';
import { matchedAs } from './match-policy.ts';
import { MutatingPolicy, type Mutate } from './mutating-policy.ts';
import { ConfigurationError, paramKindOf, paramsOf } from './policy-params.ts';
import { PolicySource, type BoundPolicy, type PolicyBinding } from './policy-source.ts';
import { seenBy } from './seen-object.ts';
import { namespaceOf, type PolicyDeps } from './validating-policies.ts';

/** A policy through one binding with one parameter. */
interface Invocation {
  readonly key: string;
  readonly policy: BoundPolicy<MutatingPolicy>;
  readonly binding: PolicyBinding;
  readonly as: KindInfo;
  readonly params: AdmissionInput['params'];
}

interface Failure {
  readonly message: string;
  readonly reason: 'Forbidden' | 'Invalid';
}

/** What is known from the first round when the second begins. */
interface Progress {
  readonly reinvocable: Set<string>;
  readonly due: Set<string>;
  last: object | undefined;
}

function askAgain(request: AdmissionRequest, { reinvocable, due }: Progress): void {
  for (const key of reinvocable) due.add(key);
  request.wantsSecondRound = true;
}

/** Lets the MutatingAdmissionPolicies that are bound change the object, one after the other. */
export class MutatingPolicies implements AdmissionStep {
  readonly #deps: PolicyDeps;
  readonly #source: PolicySource<MutatingPolicy>;
  readonly #progress = new WeakMap<AdmissionRequest, Progress>();

  constructor(deps: PolicyDeps) {
    this.#deps = deps;
    this.#source = new PolicySource(deps.storage, 'mutating', (policy) => new MutatingPolicy(policy));
  }

  mutate(request: AdmissionRequest): Promise<void> | undefined {
    const { bound } = this.#source;
    if (bound.length === 0 || isExempt(request) || request.operation === 'DELETE') return undefined;
    const failures: Failure[] = [];
    const invocations = bound.flatMap((policy) => this.#invocations(policy, request, failures));
    if (invocations.length === 0 && failures.length === 0) return undefined;
    return this.#run(invocations, request, failures);
  }

  #invocations(policy: BoundPolicy<MutatingPolicy>, request: AdmissionRequest, failures: Failure[]): Invocation[] {
    const { spec } = policy.prepared;
    const as = matchedAs(this.#deps, spec.matchConstraints ?? {}, request);
    if (!as) return [];
    const attempt = <T>(binding: PolicyBinding | undefined, run: () => T[]): T[] => {
      try {
        return run();
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const what = `failed to configure ${binding ? 'binding' : 'policy'}: ${error.message}`;
        this.#note(failures, policy, { binding, message: what, reason: 'Forbidden' });
        return [];
      }
    };
    return attempt(undefined, () => {
      const kind = spec.paramKind && paramKindOf(this.#deps, spec.paramKind);
      return policy.bindings.flatMap((binding) =>
        attempt(binding, () => {
          const { matchResources, paramRef } = binding.spec;
          if (matchResources && !matchedAs(this.#deps, matchResources, request)) return [];
          return paramsOf(this.#deps, { kind, ref: paramRef }, request.target.namespace).map((params) => {
            const { namespace = '', name = '' } = params?.metadata ?? {};
            return { key: `${policy.name}/${binding.name}/${namespace}/${name}`, policy, binding, as, params };
          });
        }),
      );
    });
  }

  #note(
    failures: Failure[],
    { name, prepared }: BoundPolicy<MutatingPolicy>,
    failure: { binding: PolicyBinding | undefined } & Failure,
  ): void {
    if (prepared.spec.failurePolicy === 'Ignore') return;
    const through = failure.binding ? ` with binding '${failure.binding.name}'` : '';
    failures.push({ message: `policy '${name}'${through} denied request: ${failure.message}`, reason: failure.reason });
  }

  async #run(invocations: readonly Invocation[], request: AdmissionRequest, failures: Failure[]): Promise<void> {
    const progress = this.#progressOf(request);
    for (const invocation of invocations) await this.#one(invocation, request, { progress, failures });
    progress.last = structuredClone(request.object);
    const [first] = failures;
    if (!first) return;
    const { details } = denied(request, first.message);
    const causes = failures.map(({ message }) => ({ message }));
    throw new GivenStatus({
      code: 403,
      reason: first.reason,
      message: first.message,
      details: { ...details, causes }, // causes without a field, as the real server's are
    });
  }

  /** Other steps may have changed the object since: then all that want to see it again do. */
  #progressOf(request: AdmissionRequest): Progress {
    const known = this.#progress.get(request);
    if (known) {
      if (!isDeepStrictEqual(known.last, request.object)) for (const key of known.reinvocable) known.due.add(key);
      return known;
    }
    const made: Progress = { reinvocable: new Set(), due: new Set(), last: undefined };
    this.#progress.set(request, made);
    return made;
  }

  async #one(
    invocation: Invocation,
    request: AdmissionRequest,
    { progress, failures }: { progress: Progress; failures: Failure[] },
  ): Promise<void> {
    const { key, policy, binding } = invocation;
    const note = (message: string): void => this.#note(failures, policy, { binding, message, reason: 'Invalid' });
    const input = await this.#input(invocation, request);
    const verdict = policy.prepared.matches(input);
    if (verdict.error !== undefined) note(verdict.error);
    if (verdict.error !== undefined || !verdict.matches) return;
    if (request.round === 1 && !progress.due.has(key)) return;
    const before = request.object;
    for (const mutate of policy.prepared.mutations) {
      const failed = await this.#change(mutate, invocation, request);
      if (failed !== undefined) note(failed);
    }
    if (!isDeepStrictEqual(before, request.object)) askAgain(request, progress);
    if (policy.prepared.spec.reinvocationPolicy === 'IfNeeded') progress.reinvocable.add(key);
  }

  async #input({ as, params }: Invocation, request: AdmissionRequest): Promise<AdmissionInput> {
    const { authorizer, storage } = this.#deps;
    const seen = await seenBy(this.#deps, request, as);
    return { request, ...seen, as, authorizer, params, namespace: namespaceOf(storage, request) };
  }

  /** Answers why the object could not be changed. */
  async #change(mutate: Mutate, invocation: Invocation, request: AdmissionRequest): Promise<string | undefined> {
    try {
      await this.#replace(mutate, invocation, request);
      return undefined;
    } catch (error) {
      if (error instanceof GivenStatus) throw error;
      return (error as Error).message; // nothing else is thrown
    }
  }

  async #replace(mutate: Mutate, invocation: Invocation, request: AdmissionRequest): Promise<void> {
    const input = await this.#input(invocation, request);
    if (!input.object) return;
    const { as } = invocation;
    const changed = mutate(input, as.schema);
    const isOwn = input.objectKind.kind === as.kind && input.objectKind.group === as.group;
    const object = shaped(isOwn ? as : undefined, input, structuredClone(changed));
    request.object =
      as === request.target.kind
        ? object
        : await convertObject(this.#deps, object, { from: as, to: request.target.kind });
  }
}

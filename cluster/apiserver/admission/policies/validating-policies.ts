import type { ClusterObject } from '../../../client.ts';
import type { Authorizer } from '../../auth/attributes.ts';
import type { ConversionDeps } from '../../conversion/convert-object.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import { GivenStatus } from '../../store/given-status.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied } from '../denied.ts';
import { isExempt, type MatchDeps } from '../webhooks/invocation.ts';
import type { AdmissionInput } from './admission-input.ts';
import { matchedAs } from './match-policy.ts';
import { ConfigurationError, paramKindOf, paramsOf } from './policy-params.ts';
import { PolicySource, type BoundPolicy, type PolicyBinding } from './policy-source.ts';
import { seenBy } from './seen-object.ts';
import { ValidatingPolicy, type Objection, type PolicyVerdict } from './validating-policy.ts';

export interface PolicyDeps extends MatchDeps, ConversionDeps {
  readonly authorizer: Authorizer;
}

interface Denial {
  readonly message: string;
  readonly reason: string;
}

const codes: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };
const longestAnnotation = 10 * 1024;
const namespaces = resourceKey('', 'namespaces');

/** The namespace a request is in; of a namespace itself, and at the cluster scope, there is none. */
export function namespaceOf(storage: Storage, { target, objectKind }: AdmissionRequest): ClusterObject | undefined {
  if (!target.namespace || (objectKind.kind === 'Namespace' && objectKind.group === '')) return undefined;
  return storage.newest({ resource: namespaces, namespace: '', name: target.namespace })?.object() as
    ClusterObject | undefined; // what the storage holds
}

/** Asks the ValidatingAdmissionPolicies that are bound; the first denial is the answer. */
export class ValidatingPolicies implements AdmissionStep {
  readonly #deps: PolicyDeps;
  readonly #source: PolicySource<ValidatingPolicy>;

  constructor(deps: PolicyDeps) {
    this.#deps = deps;
    this.#source = new PolicySource(deps.storage, 'validating', (policy) => new ValidatingPolicy(policy));
  }

  validate(request: AdmissionRequest): Promise<void> | undefined {
    const { bound } = this.#source;
    if (bound.length === 0 || isExempt(request)) return undefined;
    const concerned = bound.flatMap((policy) => {
      const as = matchedAs(this.#deps, policy.prepared.spec.matchConstraints ?? {}, request);
      return as ? [{ policy, as }] : [];
    });
    if (concerned.length === 0) return undefined;
    if (concerned.every(({ as }) => as === request.target.kind)) return this.#ask(concerned, request, []);
    return this.#convert(concerned, request);
  }

  /** Other versions of the object are made before anything is asked: that may take a webhook. */
  async #convert(concerned: readonly Concerned[], request: AdmissionRequest): Promise<void> {
    const seen = await Promise.all(concerned.map(({ as }) => seenBy(this.#deps, request, as)));
    this.#ask(concerned, request, seen);
  }

  #ask(concerned: readonly Concerned[], request: AdmissionRequest, seen: readonly Seen[]): undefined {
    const denials = concerned.flatMap(({ policy, as }, index) =>
      new Asking(this.#deps, request, policy).denials(as, seen[index] ?? ownForm(request)),
    );
    const [first] = denials;
    if (!first) return undefined;
    const { message, details } = denied(request, first.message);
    const causes = [{ message: first.message }];
    throw new GivenStatus({
      code: codes[first.reason] ?? 422,
      reason: first.reason,
      message,
      details: { ...details, causes }, // causes without a field, as the real server's are
    });
  }
}

interface Concerned {
  readonly policy: BoundPolicy<ValidatingPolicy>;
  readonly as: KindInfo;
}

type Seen = Pick<AdmissionInput, 'object' | 'old' | 'objectKind'>;

function ownForm({ operation, object, old, objectKind }: AdmissionRequest): Seen {
  return { object: operation === 'DELETE' ? undefined : object, old, objectKind };
}

/** One policy, asked about one request through all of its bindings. */
class Asking {
  readonly #deps: PolicyDeps;
  readonly #request: AdmissionRequest;
  readonly #policy: BoundPolicy<ValidatingPolicy>;
  readonly #denials: Denial[] = [];
  readonly #notes = new Map<string, Set<string>>();

  constructor(deps: PolicyDeps, request: AdmissionRequest, policy: BoundPolicy<ValidatingPolicy>) {
    this.#deps = deps;
    this.#request = request;
    this.#policy = policy;
  }

  denials(as: KindInfo, seen: Seen): readonly Denial[] {
    const { spec } = this.#policy.prepared;
    this.#attempt(undefined, () => {
      const kind = spec.paramKind && paramKindOf(this.#deps, spec.paramKind);
      for (const binding of this.#policy.bindings)
        this.#attempt(binding, () => this.#through(binding, { kind, as, seen }));
    });
    for (const [key, values] of this.#notes)
      this.#request.annotate(`${this.#policy.name}/${key}`, [...values].join(', '));
    return this.#denials;
  }

  /** What is wrong with the policy or the binding itself is a denial, unless its failures are ignored. */
  #attempt(binding: PolicyBinding | undefined, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (this.#policy.prepared.spec.failurePolicy === 'Ignore') return;
      const message = `failed to configure ${binding ? 'binding' : 'policy'}: ${error.message}`;
      this.#denials.push({ message: this.#sentence(binding, message), reason: 'Invalid' });
    }
  }

  #sentence(binding: PolicyBinding | undefined, message: string): string {
    const through = binding ? ` with binding '${binding.name}'` : '';
    return `ValidatingAdmissionPolicy '${this.#policy.name}'${through} denied request: ${message}`;
  }

  #through(binding: PolicyBinding, about: { kind: KindInfo | undefined; as: KindInfo; seen: Seen }): void {
    const { matchResources, paramRef } = binding.spec;
    if (matchResources && !matchedAs(this.#deps, matchResources, this.#request)) return;
    const params = paramsOf(this.#deps, { kind: about.kind, ref: paramRef }, this.#request.target.namespace);
    const { authorizer, storage } = this.#deps;
    const namespace = namespaceOf(storage, this.#request);
    for (const param of params) {
      const input = { request: this.#request, ...about.seen, as: about.as, authorizer, namespace, params: param };
      this.#take(binding, this.#policy.prepared.validate(input));
    }
  }

  #take(binding: PolicyBinding, { objections, annotations, failures }: PolicyVerdict): void {
    for (const objection of objections)
      for (const action of binding.spec.validationActions ?? []) this.#act(action, binding, objection);
    for (const { key, value } of annotations)
      this.#notes.set(key, (this.#notes.get(key) ?? new Set()).add(value.slice(0, longestAnnotation)));
    for (const failure of failures)
      this.#denials.push({ message: this.#sentence(binding, failure), reason: 'Invalid' });
  }

  #act(action: string, binding: PolicyBinding, { index, message, reason = 'Invalid' }: Objection): void {
    const { name } = this.#policy;
    if (action === 'Deny') this.#denials.push({ message: this.#sentence(binding, message), reason });
    if (action === 'Warn')
      this.#request.warnings.push(
        `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${binding.name}': ${message}`,
      );
    if (action !== 'Audit') return;
    const failure = {
      message,
      policy: name,
      binding: binding.name,
      expressionIndex: index,
      validationActions: binding.spec.validationActions,
    };
    this.#request.annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([failure]));
  }
}

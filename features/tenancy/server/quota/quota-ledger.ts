import { labels } from '@feature/iam/contract';
import type { Clock } from '@kit/base';
import { kinds, type KubeObject, type ResourceType, type Row, type Views } from '@kit/kube';
import { quotaType, type WorkspaceQuota } from '../../contract/index.ts';
import { addUp, type Amount, type Tally } from '../../rules/amount.ts';
import { countedUsage } from '../../rules/object-usage.ts';
import { unsaidIn, type PodLike } from '../../rules/pod-usage.ts';
import { hardOf, shortages, shortageSentence } from '../../rules/quota-check.ts';
import { inScopes } from '../../rules/quota-scopes.ts';
import { selects, UsageReader } from '../../rules/workspace-usage.ts';
import type { ProjectIndex } from '../project-index.ts';

/** A creation or change that the cluster asks about. */
export interface Admission {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly object: KubeObject;
  readonly old?: KubeObject;
  readonly dryRun: boolean;
}

interface LedgerDeps {
  readonly views: Views;
  readonly projects: ProjectIndex;
  readonly clock: Clock;
}

/** How long an allowed object is counted although nobody has seen it: by then it is there, or was refused elsewhere. */
const reservedMs = 15_000;

/**
 * What every workspace quota has left. An object that was allowed counts from that moment on: the next question comes
 * before the view has seen the object, and both must not be given the same rest.
 */
export class QuotaLedger {
  readonly #deps: LedgerDeps;
  readonly #usage: UsageReader;
  readonly #parsed = new WeakMap<Row, WorkspaceQuota>();
  readonly #reserved = new Map<string, Admission & { readonly untilMs: number }>();

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#usage = new UsageReader((type, namespace) => deps.views.of(type).rows(namespace));
  }

  /** Every quota there is. */
  quotas(): WorkspaceQuota[] {
    return [...this.#deps.views.of<WorkspaceQuota>(quotaType).rows()].map((row) => this.#read(row));
  }

  /** Why a creation or change is refused, as a sentence; `undefined` when it is allowed, and then its amounts are taken. */
  refusal(asked: Admission): string | undefined {
    this.#forgetSeen();
    const row = this.#deps.views.of(kinds.namespaces).get('', asked.namespace);
    const found = row ? this.quotas().filter((quota) => selects(quota, row.labels)) : [];
    for (const quota of found) {
      const reason = this.#refusalOf(quota, asked);
      if (reason !== undefined) return reason;
    }
    if (found.length > 0 && !asked.dryRun) {
      this.#reserved.set(keyOf(asked), { ...asked, untilMs: this.#deps.clock.now() + reservedMs });
    }
    return undefined;
  }

  /** What all namespaces of a quota use, with what was allowed a moment ago; one namespace may be added as if it were in. */
  used(quota: WorkspaceQuota, withNamespace?: string): Map<string, Amount> {
    const names = new Set([...this.#namespacesOf(quota)].map(({ name }) => name));
    if (withNamespace !== undefined) names.add(withNamespace);
    const pending = [...this.#reserved.values()].filter(({ namespace }) => names.has(namespace));
    return addUp([
      ...[...names].map((name) => this.#usage.inNamespace(quota, name)),
      ...pending.map((one) => increase(quota, one)),
    ]);
  }

  #refusalOf(quota: WorkspaceQuota, asked: Admission): string | undefined {
    const { name } = quota.metadata;
    const hard = hardOf(quota);
    if (asked.type === kinds.pods && !asked.old) {
      const pod = asked.object as PodLike; // cast: the kind asked about is the pod
      const unsaid = inScopes(pod, quota.spec.quota) ? unsaidIn(pod, hard.keys()) : [];
      if (unsaid.length > 0)
        return `workspace quota "${name}" limits ${unsaid.join(', ')}: every container must say how much it takes`;
    }
    const more = increase(quota, asked);
    if ([...more.values()].every((amount) => amount <= 0n)) return undefined;
    const missing = shortages(hard, this.used(quota), more);
    return missing.length > 0 ? shortageSentence(name, missing) : undefined;
  }

  #read(row: Row<WorkspaceQuota>): WorkspaceQuota {
    const known = this.#parsed.get(row);
    if (known) return known;
    const quota = row.object();
    this.#parsed.set(row, quota);
    return quota;
  }

  #namespacesOf(quota: WorkspaceQuota): Row[] {
    const workspace = quota.spec.selector[labels.workspace];
    const { projects } = this.#deps;
    const candidates = workspace === undefined ? projects.all() : projects.of(workspace);
    return [...candidates].filter((row) => selects(quota, row.labels));
  }

  #forgetSeen(): void {
    const nowMs = this.#deps.clock.now();
    for (const [key, one] of this.#reserved) if (one.untilMs <= nowMs || this.#isSeen(one)) this.#reserved.delete(key);
  }

  #isSeen({ type, namespace, object, old }: Admission): boolean {
    const row = this.#deps.views.of(type).get(namespace, object.metadata.name);
    if (!row) return false;
    return old ? row.resourceVersion !== old.metadata.resourceVersion : row.uid === (object.metadata.uid ?? row.uid);
  }
}

function keyOf({ type, namespace, object }: Admission): string {
  return [type.group, type.plural, namespace, object.metadata.name, object.metadata.uid].join('/');
}

/** What a quota would have to give on top; less than nothing where a change gives back. */
function increase({ spec: { quota } }: WorkspaceQuota, { type, object, old }: Admission): Tally {
  const next = countedUsage(quota, type, object);
  const before = old ? countedUsage(quota, type, old) : new Map<string, Amount>();
  const keys = new Set([...next.keys(), ...before.keys()]);
  return new Map([...keys].map((key) => [key, (next.get(key) ?? 0n) - (before.get(key) ?? 0n)]));
}

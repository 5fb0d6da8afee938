import type { ContainerStatus, Pod } from '../../reconcile/pod.ts';

export interface PodFailureRule {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  readonly onExitCodes?: {
    readonly containerName?: string;
    readonly operator: 'In' | 'NotIn';
    readonly values: readonly number[];
  };
  readonly onPodConditions?: readonly { readonly type: string; readonly status?: string }[];
}

/** What the first rule that a failed pod meets asks for; `why` is for the job's condition. */
export interface FailureVerdict {
  readonly action: PodFailureRule['action'];
  readonly why: string;
}

type ExitCodes = NonNullable<PodFailureRule['onExitCodes']>;

function failedContainer({ status }: Pod, { containerName, operator, values }: ExitCodes): ContainerStatus | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name, state }) => {
    const exitCode = state.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(exitCode) === (operator === 'In');
  });
}

function matched(rule: PodFailureRule, pod: Pod): string | undefined {
  const subject = `${pod.metadata.namespace}/${pod.metadata.name}`;
  if (rule.onExitCodes) {
    const container = failedContainer(pod, rule.onExitCodes);
    const code = container?.state.terminated?.exitCode;
    return container && `Container ${container.name} for pod ${subject} failed with exit code ${code}`;
  }
  const condition = (pod.status?.conditions ?? []).find(({ type, status }) =>
    rule.onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );
  return condition && `Pod ${subject} has condition ${condition.type}`;
}

/** The verdict of a job's rules on a failed pod; undefined when no rule speaks of it. */
export function judgeFailure(rules: readonly PodFailureRule[], pod: Pod): FailureVerdict | undefined {
  for (const [index, rule] of rules.entries()) {
    const what = matched(rule, pod);
    if (what) return { action: rule.action, why: `${what} matching ${rule.action} rule at index ${index}` };
  }
  return undefined;
}

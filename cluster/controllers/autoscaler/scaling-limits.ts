import type { Autoscaler, ScalingPolicy, ScalingRules } from './autoscaler.ts';

/** What an autoscaler has done and thought lately, newest last. */
export interface ScalingMemory {
  readonly recommendations: { readonly replicas: number; readonly atMs: number }[];
  /** Replicas added, or, below 0, taken away. */
  readonly changes: { readonly replicas: number; readonly atMs: number }[];
}

export interface Verdict {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

export interface ScalingMoment {
  readonly autoscaler: Autoscaler;
  readonly current: number;
  readonly desired: number;
  readonly memory: ScalingMemory;
  readonly nowMs: number;
}

/** How long a scale-down waits for recommendations to settle, unless the autoscaler says otherwise. */
const downWindowSeconds = 300;
const memoryMs = 3_600_000;

const downStabilized = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const upStabilized = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const ready = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };

function windowsOf({ behavior }: Autoscaler['spec']): { upMs: number; downMs: number } {
  const { scaleUp, scaleDown } = behavior ?? {};
  const downSeconds = scaleDown?.stabilizationWindowSeconds ?? downWindowSeconds;
  return { upMs: (scaleUp?.stabilizationWindowSeconds ?? 0) * 1000, downMs: downSeconds * 1000 };
}

/** The recommendation, held back by those of the stabilization windows; remembers it. */
export function stabilize({ autoscaler, current, desired, memory, nowMs }: ScalingMoment): Verdict {
  const { upMs, downMs } = windowsOf(autoscaler.spec);
  const isRuled = autoscaler.spec.behavior !== undefined;
  const within = (windowMs: number): number[] =>
    memory.recommendations.filter(({ atMs }) => atMs > nowMs - windowMs).map(({ replicas }) => replicas);
  const least = Math.min(desired, ...within(upMs));
  const most = Math.max(desired, ...within(downMs));
  memory.recommendations.push({ replicas: desired, atMs: nowMs });
  forget(memory.recommendations, nowMs - Math.max(upMs, downMs));
  const replicas = isRuled ? Math.min(Math.max(current, least), most) : most;
  if (replicas === desired) return { replicas, ...ready };
  return { replicas, ...(isRuled && desired >= current ? upStabilized : downStabilized) };
}

function forget(entries: { readonly atMs: number }[], beforeMs: number): void {
  while ((entries[0]?.atMs ?? Infinity) < beforeMs) entries.shift();
}

/** Remembers that the workload was scaled, for the policies that limit how fast that may go. */
export function rememberChange(memory: ScalingMemory, replicas: number, nowMs: number): void {
  memory.changes.push({ replicas, atMs: nowMs });
  forget(memory.changes, nowMs - memoryMs);
}

function sizeAtStart({ current, memory, nowMs }: ScalingMoment, { periodSeconds }: ScalingPolicy): number {
  const recent = memory.changes.filter(({ atMs }) => atMs > nowMs - periodSeconds * 1000);
  return current - recent.reduce((sum, { replicas }) => sum + replicas, 0);
}

function allowedBy(moment: ScalingMoment, rules: ScalingRules, direction: 1 | -1): number {
  const { selectPolicy, policies = [] } = rules;
  if (selectPolicy === 'Disabled') return moment.current;
  const sizes = policies.map((policy) => {
    const start = sizeAtStart(moment, policy);
    if (policy.type === 'Pods') return start + direction * policy.value;
    const size = start * (1 + (direction * policy.value) / 100);
    return direction > 0 ? Math.ceil(size) : Math.trunc(size);
  });
  const farthest = direction > 0 === (selectPolicy !== 'Min');
  return farthest ? Math.max(...sizes) : Math.min(...sizes);
}

const withinRange = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const limits = {
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
} as const;

function limited(replicas: number, reason: keyof typeof limits): Verdict {
  return { replicas, reason, message: limits[reason] };
}

/** Without rules of its own a workload may at most double, or grow to 4. */
function limitByDefault({ autoscaler, current, desired }: ScalingMoment): Verdict {
  const { minReplicas = 1, maxReplicas } = autoscaler.spec;
  const fastest = Math.max(2 * current, 4);
  const most = Math.min(maxReplicas, fastest);
  if (desired < minReplicas) return limited(minReplicas, 'TooFewReplicas');
  if (desired > most) return limited(most, maxReplicas > fastest ? 'ScaleUpLimit' : 'TooManyReplicas');
  return { replicas: desired, ...withinRange };
}

function limitUp(moment: ScalingMoment, rules: ScalingRules): Verdict | undefined {
  const { maxReplicas } = moment.autoscaler.spec;
  const fastest = Math.max(moment.current, allowedBy(moment, rules, 1));
  const most = Math.min(maxReplicas, fastest);
  if (moment.desired <= most) return undefined;
  return limited(most, maxReplicas > fastest ? 'ScaleUpLimit' : 'TooManyReplicas');
}

function limitDown(moment: ScalingMoment, rules: ScalingRules): Verdict | undefined {
  const { minReplicas = 1 } = moment.autoscaler.spec;
  const fastest = Math.min(moment.current, allowedBy(moment, rules, -1));
  const least = Math.max(minReplicas, fastest);
  if (moment.desired >= least) return undefined;
  return limited(least, minReplicas < fastest ? 'ScaleDownLimit' : 'TooFewReplicas');
}

/** `desired` within the bounds of the autoscaler, and no faster than its policies allow. */
export function limitRate(moment: ScalingMoment): Verdict {
  const { behavior } = moment.autoscaler.spec;
  if (!behavior) return limitByDefault(moment);
  const { scaleUp = {}, scaleDown = {} } = behavior;
  const { current, desired } = moment;
  const verdict =
    desired > current ? limitUp(moment, scaleUp) : desired < current ? limitDown(moment, scaleDown) : undefined;
  return verdict ?? { replicas: desired, ...withinRange };
}

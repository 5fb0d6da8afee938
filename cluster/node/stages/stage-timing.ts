import type { ClusterObject } from '../../client.ts';
import { expressionValue } from './stage-expressions.ts';
import type { StageExpression, StageObject } from './stage-object.ts';

const unitMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `1h2m3.5s`, as Go writes durations; undefined: it is none. */
function goDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  const parts = [...(match[2] ?? '').matchAll(/([\d.]+)([a-zµ]+)/g)];
  const ms = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0);
  return match[1] === '-' ? -ms : ms;
}

/** Milliseconds of one object, or undefined: there is no delay at all. */
type DurationOf = (object: ClusterObject, nowMs: number) => number | undefined;

function readMs(value: unknown, nowMs: number): number | undefined {
  if (typeof value === 'object' && value !== null && 'ms' in value) return Number(value.ms);
  if (typeof value !== 'string') return undefined;
  const isTime = /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
  return isTime ? Date.parse(value) - nowMs : goDurationMs(value);
}

// An empty text, as of an annotation without a value, takes the delay away; what is no duration leaves the fixed one.
function durationOf(fixedMs: number | undefined, from: StageExpression | undefined): DurationOf {
  if (!from) return () => fixedMs;
  const valueOf = expressionValue(from);
  return (object, nowMs) => {
    const value = valueOf(object);
    return value === '' ? undefined : (readMs(value, nowMs) ?? fixedMs);
  };
}

export interface StageTiming {
  /** No delay, a fixed one, or the bounds of one that is chosen by chance. */
  range(object: ClusterObject, nowMs: number): readonly number[];
  /** Undefined: the object itself forbids the stage a weight. */
  weight(object: ClusterObject): number | undefined;
}

/** When a stage is played, and how likely it is among others that fit as well. */
export function stageTiming({ delay, weight, weightFrom }: StageObject): StageTiming {
  const duration = delay && durationOf(delay.ms ?? 0, delay.from);
  const hasJitter = delay?.jitterMs !== undefined || delay?.jitterFrom !== undefined;
  const jitter = hasJitter ? durationOf(delay.jitterMs, delay.jitterFrom) : undefined;
  const weightValue = weightFrom && expressionValue(weightFrom);
  return {
    range: (object, nowMs) => {
      const ms = duration?.(object, nowMs);
      if (ms === undefined) return [];
      const most = jitter?.(object, nowMs);
      if (most === undefined) return [ms];
      return most <= ms ? [most] : [ms, most];
    },
    weight: (object) => {
      const value = weightValue?.(object);
      if (typeof value === 'number') return Math.trunc(value);
      if (typeof value !== 'string') return weight;
      return /^[+-]?(\d+|0[xX][\da-fA-F]+)$/.test(value) ? Number(value) : undefined;
    },
  };
}

import type { ClusterObject } from '../../client.ts';
import { requirementTest } from './stage-expressions.ts';
import type { StageObject } from './stage-object.ts';
import { type CompiledStep, compiledStep } from './stage-step.ts';
import { type StageTiming, stageTiming } from './stage-timing.ts';
import type { StageSurroundings } from './template/render-yaml.ts';

/** A stage, ready to be matched and played. */
export interface Stage {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly timing: StageTiming;
  readonly steps: readonly CompiledStep[];
  readonly immediateNextStage: boolean;
  matches(object: ClusterObject): boolean;
}

const includes = (
  all: Readonly<Record<string, string>> | undefined,
  wanted: readonly (readonly [string, string])[],
): boolean => wanted.every(([key, value]) => all?.[key] === value);

/** Compiles a stage; throws a sentence that names it for an expression or a template that is wrong. */
export function compiledStage(definition: StageObject, surroundings: StageSurroundings): Stage {
  const { name, apiVersion, kind, selector, immediateNextStage } = definition;
  try {
    const tests = selector?.requirements.map(requirementTest) ?? [];
    const labels = Object.entries(selector?.labels ?? {});
    const annotations = Object.entries(selector?.annotations ?? {});
    return {
      name,
      apiVersion,
      kind,
      immediateNextStage,
      timing: stageTiming(definition),
      steps: definition.steps.map((step) => compiledStep(step, kind, surroundings)),
      matches: (object) =>
        selector !== undefined &&
        includes(object.metadata.labels, labels) &&
        includes(object.metadata.annotations, annotations) &&
        tests.every((test) => test(object)),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Stage ${JSON.stringify(name)}: ${why}`, { cause: error });
  }
}

/**
 * Those of the matching stages that may be played: all, unless some have a weight. A stage without any may be played
 * only beside others without one.
 */
export function possibleStages(stages: readonly Stage[], object: ClusterObject): [stage: Stage, weight: number][] {
  const matching = stages.filter((stage) => stage.matches(object));
  if (matching.length <= 1) return matching.map((stage) => [stage, 1]);
  const weights = matching.map((stage) => stage.timing.weight(object));
  const known = matching.flatMap((stage, index): [Stage, number][] => {
    const weight = weights[index];
    return weight === undefined ? [] : [[stage, weight]];
  });
  const total = known.reduce((sum, [, weight]) => sum + weight, 0);
  if (total > 0) return known.filter(([, weight]) => weight > 0);
  return (known.length > 0 ? known.map(([stage]) => stage) : matching).map((stage) => [stage, 1]);
}

/** The stage to play next, by chance among those possible; `random` is at least 0 and below 1. */
export function chosenStage(stages: readonly Stage[], object: ClusterObject, random: () => number): Stage | undefined {
  const possible = possibleStages(stages, object);
  if (possible.length <= 1) return possible[0]?.[0];
  let left = random() * possible.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [stage, weight] of possible) {
    left -= weight;
    if (left < 0) return stage;
  }
  return possible.at(-1)?.[0];
}

import { shortHash } from '../reconcile/canonical.ts';

/** How long the stages of a simulated pod take. */
export interface StageDelays {
  /** Milliseconds for a stage of one pod: lifelike times the scale, give or take a third, always the same for a pod. */
  stage(name: Stage, podUid: string): number;
  /** A time the pod itself names, such as the delay of a probe, by the same scale. */
  scaled(ms: number): number;
  /** 10 s, 20 s, 40 s … 5 min: never scaled to nothing, or a failing pod would keep the whole process busy. */
  backOff(failures: number): number;
}

const lifelikeMs = {
  sandbox: 600,
  pull: 2_500,
  create: 400,
  task: 5_000,
  'pull error': 2_000,
  restart: 500,
  stop: 800,
  'missing configuration': 10_000,
} as const;
export type Stage = keyof typeof lifelikeMs;

const leastMs: Partial<Record<Stage, number>> = {
  'pull error': 250,
  restart: 250,
  'missing configuration': 500,
};

export function stageDelays(scale: number): StageDelays {
  return {
    stage: (name, podUid) => {
      const spread = 2 / 3 + (hashNumber(`${podUid}/${name}`) % 1000) / 1500;
      return Math.max(leastMs[name] ?? 0, Math.round(lifelikeMs[name] * spread * scale));
    },
    scaled: (ms) => Math.round(ms * scale),
    backOff: (failures) => Math.min(300_000, 10_000 * 2 ** Math.max(0, failures - 1)),
  };
}

function hashNumber(text: string): number {
  return [...shortHash(text)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

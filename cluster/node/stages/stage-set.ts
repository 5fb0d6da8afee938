import type { ClusterObject } from '../../client.ts';
import { chosenStage, type Stage } from './stage.ts';

const kindOf = ({ apiVersion, kind }: Stage): string => `${apiVersion}/${kind}`;

/** The stages there are now, by the kind they are for: those given at the start, and those of the cluster. */
export class StageSet {
  readonly #given: readonly Stage[];
  readonly #random: () => number;
  readonly #listeners: (() => void)[] = [];
  #byKind = new Map<string, readonly Stage[]>();

  constructor(given: readonly Stage[], random: () => number = Math.random) {
    this.#given = given;
    this.#random = random;
    this.replace([]);
  }

  /** Takes these for the stages of the cluster; one of the same name as a given stage stands in its place. */
  replace(stages: readonly Stage[]): void {
    const names = new Set(stages.map(({ name }) => name));
    const all = [...this.#given.filter(({ name }) => !names.has(name)), ...stages];
    const kinds = [...new Set(all.map(kindOf))];
    this.#byKind = new Map(kinds.map((kind) => [kind, all.filter((stage) => kindOf(stage) === kind)]));
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The kinds there are stages for, as `apps/v1/Deployment`. */
  kinds(): string[] {
    return [...this.#byKind.keys()];
  }

  /** Does a stage fit this object of the kind now? */
  fits(kind: string, object: ClusterObject): boolean {
    return this.#byKind.get(kind)?.some((stage) => stage.matches(object)) ?? false;
  }

  choose(kind: string, object: ClusterObject): Stage | undefined {
    const stages = this.#byKind.get(kind);
    return stages && chosenStage(stages, object, this.#random);
  }
}

import { readFileSync } from 'node:fs';
import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { Informer } from '../../reconcile/informer.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { FollowedStages } from './followed-stages.ts';
import { grantStages, stagesUser } from './stage-access.ts';
import { placeOf, type StagedNode, StageFunctions } from './stage-functions.ts';
import { stageDocuments, stageObject } from './stage-object.ts';
import { StagePlayer } from './stage-player.ts';
import { StageSet } from './stage-set.ts';
import { compiledStage, type Stage } from './stage.ts';

/** A Stage, a YAML text of Stages, or the path of a file of them. A text of one line is a path. */
export type StageInput = string | object;

export interface StagesOptions {
  /** An administrator's: it grants the user of stages what that needs, once there is a stage. */
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pods: Informer<Pod>;
  readonly nodes: ReadonlyMap<string, StagedNode>;
  readonly given: readonly StageInput[];
}

/** Stages as the agents of nodes and pods see them. */
export interface Stages {
  /** Whether the pod is moved by stages: its agent leaves it alone then. */
  readonly claimsPod: (pod: ClusterObject) => boolean;
  readonly claimsNode: (node: ClusterObject) => boolean;
  stop(): Promise<void>;
}

function documents(input: StageInput): unknown[] {
  if (typeof input !== 'string') return [input];
  return stageDocuments(input.includes('\n') ? input : readFileSync(input, 'utf8'));
}

const podKind = 'v1/Pod';
const nodeKind = 'v1/Node';

class RunningStages implements Stages {
  readonly #options: StagesOptions;
  readonly #client: ClusterClient;
  readonly #functions: StageFunctions;
  readonly #set: StageSet;
  readonly #followed: FollowedStages;
  readonly #players = new Map<string, { player: StagePlayer; stop: () => void }>();
  #granted: Promise<void> | undefined;
  #stopped = false;

  constructor(options: StagesOptions) {
    const { client, clock, log, nodes, given } = options;
    this.#options = options;
    this.#client = client.as(stagesUser);
    this.#functions = new StageFunctions(nodes, () => clock.now());
    this.#set = new StageSet(given.flatMap(documents).map((one) => this.#compiled(one)));
    this.#set.onChange(() => this.#play());
    this.#followed = new FollowedStages({
      client,
      reader: this.#client,
      clock,
      log,
      compile: (object) => this.#compiled(object, true),
      onChange: (stages) => this.#set.replace(stages),
      ready: () => this.#grant(),
    });
    this.#play();
  }

  claimsPod = (pod: ClusterObject): boolean => this.#players.get(podKind)?.player.claims(pod) ?? false;
  claimsNode = (node: ClusterObject): boolean => this.#players.get(nodeKind)?.player.claims(node) ?? false;

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#followed.stop();
    for (const { stop } of this.#players.values()) stop();
    await Promise.all([...this.#players.values()].map(({ player }) => player.stop()));
  }

  #grant(): Promise<void> {
    this.#granted ??= grantStages(this.#options.client).catch((error: unknown) => {
      this.#granted = undefined;
      this.#options.log.warn('the user of stages could not be given its role', { error });
    });
    return this.#granted;
  }

  /** Whoever may write Stages in the cluster does not gain the right to act as somebody else by it. */
  #compiled(value: unknown, isOfCluster = false): Stage {
    const object = stageObject(value);
    const acting = object.steps.some(({ patch, apply }) => patch?.impersonation ?? apply?.impersonation);
    if (isOfCluster && acting)
      throw new Error(`Stage ${JSON.stringify(object.name)}: only stages given at the start can act as another user`);
    const stage = compiledStage(object, this.#functions);
    const steps = stage.steps.map((step) => (about: ClusterObject) => this.#functions.about(about, () => step(about)));
    return { ...stage, steps };
  }

  #play(): void {
    if (this.#stopped) return;
    for (const kind of this.#set.kinds()) if (!this.#players.has(kind)) this.#start(kind);
  }

  #start(kind: string): void {
    const { pods, nodes, clock, log } = this.#options;
    const ref = this.#resourceOf(kind.slice(0, kind.lastIndexOf('/')), kind.slice(kind.lastIndexOf('/') + 1));
    if (!ref) return log.warn('there are stages for a kind the server does not serve', { kind });
    const own = kind === podKind ? undefined : new Informer({ client: this.#client, clock, log, ref });
    const objects = own ?? (pods as unknown as Informer); // pods are objects
    const isOurs = {
      [podKind]: (pod: ClusterObject) => nodes.has(placeOf(pod).node),
      [nodeKind]: ({ metadata }: ClusterObject) => nodes.has(metadata.name),
    }[kind];
    if (kind === podKind) pods.onChange(({ before, after }) => this.#released(before, after));
    const player = new StagePlayer({
      client: this.#client,
      clock,
      log,
      stages: this.#set,
      kind,
      ref,
      objects,
      isOurs: isOurs ?? (() => true),
      resourceOf: (apiVersion, name) => this.#resourceOf(apiVersion, name),
    });
    this.#players.set(kind, { player, stop: () => own?.stop() });
    void this.#grant().then(() => own?.start());
  }

  #released(before: ClusterObject | undefined, after: ClusterObject | undefined): void {
    if (before && before.metadata.uid !== after?.metadata.uid) this.#functions.release(before);
  }

  #resourceOf(apiVersion: string, kind: string): (ResourceRef & { readonly namespaced: boolean }) | undefined {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    return this.#options.client.resources().find((one) => one.group === group && one.kind === kind);
  }
}

/** Plays the stages that are given and, once their definition is installed, the Stages of the cluster. */
export function startStages(options: StagesOptions): Stages {
  return new RunningStages(options);
}

import { containerEnvironment } from '../container/environment.ts';
import { ConfigProblem } from '../container/configuration.ts';
import { withCapacity } from './node-capacity.ts';
import { containerConfig, containerName, type Mount, userOf } from './container-config.ts';
import { EngineError } from './engine-client.ts';
import { type EngineContainer, type EnginePod, fieldPathOf, type PlannedContainer } from './engine-pod.ts';
import type { InspectedImage } from './engine-types.ts';
import type { ContainerMemory } from './container-view.ts';
import type { NodeParts } from './node-parts.ts';
import { imageNameProblem } from './image-name.ts';
import { hostsFile, machineResolverFile, resolverFile } from './pod-network-files.ts';

export interface StartPlan {
  readonly pod: EnginePod;
  readonly planned: PlannedContainer;
  readonly memory: ContainerMemory;
  readonly attempt: number;
  readonly sandboxId: string;
  readonly ip: string;
  /** The engine's id of the container an ephemeral one looks into. */
  readonly targetId?: string;
  /** Called when a pull has ended: the container can be looked at again. */
  readonly wake: () => void;
}

const configRetryMs = 10_000;
const pullBackOffMs = (failures: number): number => Math.min(300_000, 10_000 * 2 ** (failures - 1));
const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(3)}s`);

type Say = (reason: string, message: string, type?: 'Normal' | 'Warning') => void;

/** Starts containers: with their image, what they are configured with, and what the machine gives them. */
export class ContainerStarter {
  readonly #parts: NodeParts;

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  /** Starts the container, or remembers why it cannot be started. Answers the engine's id of one that has been made. */
  async start(plan: StartPlan): Promise<string | undefined> {
    const image = await this.#image(plan);
    if (!image) return undefined;
    try {
      return await this.#create(plan, image);
    } catch (error) {
      if (!(error instanceof ConfigProblem) && !(error instanceof EngineError)) throw error;
      const reason = error instanceof ConfigProblem ? 'CreateContainerConfigError' : 'CreateContainerError';
      this.#wait(plan, { reason, message: error.message }, configRetryMs);
      this.#say(plan)('Failed', `Error: ${error.message}`, 'Warning');
      return undefined;
    }
  }

  #say({ pod, planned }: StartPlan): Say {
    const fieldPath = fieldPathOf(planned);
    return (reason, message, type = 'Normal') => this.#parts.record(pod, { type, reason, message, fieldPath });
  }

  #wait({ memory }: StartPlan, waiting: NonNullable<ContainerMemory['waiting']>, pauseMs: number): void {
    memory.waiting = waiting;
    memory.retryMs = this.#parts.clock.now() + pauseMs;
  }

  /** The image, when the engine has it; otherwise a pull is under way, or has failed. */
  async #image(plan: StartPlan): Promise<InspectedImage | undefined> {
    const { spec } = plan.planned;
    const image = spec.image ?? '';
    const problem = imageNameProblem(image);
    if (problem) return this.#notAName(plan, image, problem);
    const present = await this.#parts.images.present(image);
    const policy = spec.imagePullPolicy ?? 'IfNotPresent';
    const isPulled = plan.memory.pulledImage === image;
    if (present && (policy !== 'Always' || isPulled)) {
      if (!isPulled)
        this.#say(plan)(
          'Pulled',
          `Container image "${image}" already present on machine and can be accessed by the pod`,
        );
      delete plan.memory.pulledImage;
      return present;
    }
    if (policy === 'Never') this.#neverPulled(plan, image);
    else this.#pull(plan, image);
    return undefined;
  }

  #notAName(plan: StartPlan, image: string, problem: string): undefined {
    const why = `couldn't parse image name ${JSON.stringify(image)}: ${problem}`;
    const message = `Failed to apply default image tag ${JSON.stringify(image)}: ${why}`;
    this.#wait(plan, { reason: 'InvalidImageName', message }, configRetryMs);
    this.#say(plan)('InspectFailed', message, 'Warning');
    this.#say(plan)('Failed', 'Error: InvalidImageName', 'Warning');
  }

  #neverPulled(plan: StartPlan, image: string): void {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    this.#wait(plan, { reason: 'ErrImageNeverPull', message }, configRetryMs);
    this.#say(plan)('ErrImageNeverPull', message, 'Warning');
    this.#say(plan)('Failed', 'Error: ErrImageNeverPull', 'Warning');
  }

  #pull(plan: StartPlan, image: string): void {
    const { memory, pod } = plan;
    if (memory.waiting?.reason === 'ErrImagePull') return this.#backOff(plan, image);
    memory.isPulling = true;
    memory.waiting = memory.pullFailures > 0 ? memory.waiting : undefined;
    this.#say(plan)('Pulling', `Pulling image "${image}"`);
    const ended = this.#parts.images.pull(pod, image).then((result) => {
      if (!('found' in result)) return this.#pullFailed(plan, image, result);
      const took = seconds(result.pulledMs ?? 0);
      const size = `Image size: ${result.found.Size} bytes.`;
      this.#say(plan)('Pulled', `Successfully pulled image "${image}" in ${took} (${took} including waiting). ${size}`);
      Object.assign(memory, { waiting: undefined, pullFailures: 0, pulledImage: image, retryMs: 0 });
    });
    void ended
      .catch((error: unknown) => {
        this.#parts.log.warn('an image was not pulled, trying again', { image, error });
        memory.retryMs = this.#parts.clock.now() + configRetryMs;
      })
      .finally(() => {
        memory.isPulling = false;
        plan.wake();
      });
  }

  #pullFailed(plan: StartPlan, image: string, { reason, message }: { reason: string; message: string }): void {
    plan.memory.pullFailures += 1;
    this.#wait(plan, { reason, message }, 2_000);
    const say = this.#say(plan);
    say('Failed', `Failed to pull image "${image}": ${message}`, 'Warning');
    say('Failed', `Error: ${reason}`, 'Warning');
  }

  #backOff(plan: StartPlan, image: string): void {
    const { memory } = plan;
    const why = `Back-off pulling image "${image}"`;
    const message = `${why}: ErrImagePull: ${memory.waiting?.message ?? ''}`;
    this.#wait(plan, { reason: 'ImagePullBackOff', message }, pullBackOffMs(memory.pullFailures));
    this.#say(plan)('BackOff', why);
    this.#say(plan)('Failed', 'Error: ImagePullBackOff', 'Warning');
  }

  async #create(plan: StartPlan, image: InspectedImage): Promise<string> {
    const { pod, planned, attempt, sandboxId, ip, memory } = plan;
    const { engine, configuration, containers, volumes } = this.#parts;
    const container = planned.spec;
    checkUser(pod, container, image);
    const environment = await containerEnvironment(configuration, {
      pod: withHostAddress(pod, this.#parts.hostIP),
      container: withCapacity(container, engine.info),
      ip,
    });
    const own = await this.#ownMounts(plan);
    const mounts = [...(await volumes.mountsOf(pod, container, environment)), ...own];
    const config = containerConfig({
      engine,
      pod,
      container,
      attempt,
      sandboxId,
      environment,
      mounts,
      ...(plan.targetId && { targetId: plan.targetId }),
    });
    const id = await containers.create(containerName(pod, container.name, attempt), config);
    const say = this.#say(plan);
    say('Created', 'Container created');
    memory.waiting = undefined;
    try {
      await containers.start(id);
      say('Started', 'Container started');
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const at = new Date(this.#parts.clock.now()).toISOString().replace(/\.\d+/, '');
      const message = `failed to start container ${JSON.stringify(id)}: ${error.message}`;
      memory.startErrors.set(id, { message, at });
      say('Failed', `Error: ${message}`, 'Warning');
    }
    return id;
  }

  /** Files that every container finds: host names, the resolver, and where to leave its last words. */
  async #ownMounts({ pod, planned, attempt, ip }: StartPlan): Promise<Mount[]> {
    const { volumes, clusterDns } = this.#parts;
    const container = planned.spec;
    const taken = new Set((container.volumeMounts ?? []).map(({ mountPath }) => mountPath));
    const hosts = await volumes.writeFile(pod, 'etc-hosts', { content: hostsFile(pod, ip) });
    const resolver = resolverFile(pod, await machineResolverFile(), clusterDns);
    const message = await volumes.writeFile(pod, terminationFile(container.name, attempt), { mode: 0o666 });
    const own = [
      { source: hosts, target: '/etc/hosts' },
      { source: await volumes.writeFile(pod, 'resolv.conf', { content: resolver }), target: '/etc/resolv.conf' },
      { source: message, target: container.terminationMessagePath ?? '/dev/termination-log' },
    ];
    return own.filter(({ target }) => !taken.has(target)).map((mount) => ({ ...mount, readOnly: false }));
  }
}

/** The pod as its own variables show it: its first status may not have been written yet. */
function withHostAddress(pod: EnginePod, hostIP: string): EnginePod {
  return { ...pod, status: { ...pod.status, hostIP } };
}

/** Where the pod's folder has what a container leaves as its last words. */
export function terminationFile(container: string, attempt: number): string {
  return `containers/${container}/${attempt}`;
}

function checkUser(pod: EnginePod, container: EngineContainer, image: InspectedImage): void {
  const isAsked = container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (!isAsked) return;
  const [wanted] = userOf(pod, container)?.split(':') ?? [];
  const problem = wanted === undefined ? imageUserProblem(image) : wantedUserProblem(wanted);
  const { name, namespace, uid } = pod.metadata;
  if (problem)
    throw new ConfigProblem(`${problem} (pod: "${name}_${namespace}(${uid})", container: ${container.name})`);
}

function wantedUserProblem(user: string): string | undefined {
  return user === '0' ? "container's runAsUser breaks non-root policy" : undefined;
}

function imageUserProblem({ Config }: InspectedImage): string | undefined {
  const [name = ''] = (Config?.User ?? '').split(':');
  if (['', '0', 'root'].includes(name)) return 'container has runAsNonRoot and image will run as root';
  const isNumber = /^\d+$/.test(name);
  const why = `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root`;
  return isNumber ? undefined : why;
}

import type { Clock, Logger } from '@kit/base';
import type { ContainerSpec, ContainerStatus, Pod } from '../../reconcile/pod.ts';
import { commands } from '../commands/commands.ts';
import { RecordedLog } from '../recorded-log.ts';
import { emptyInput } from '../shell/byte-io.ts';
import { Shell } from '../shell/shell.ts';
import { ShellExit, shellState } from '../shell/shell-state.ts';
import type { ContainerWorlds } from './container-worlds.ts';
import { commandOf } from './runnable-command.ts';

/** One run of a container whose command is really run. */
export interface ProcessStart {
  readonly pod: Pod;
  readonly spec: ContainerSpec;
  readonly restartCount: number;
  /** Called with the exit code, unless the process was stopped before. */
  readonly ended: (exitCode: number) => void;
}

interface Kept {
  readonly stop: AbortController;
  /** By container and restart; of every container the last two runs. */
  readonly logs: Map<string, RecordedLog>;
}

/** The commands of containers that run in memory, and what they have written. */
export class ContainerProcesses {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #worlds: ContainerWorlds;
  readonly #pods = new Map<string, Kept>();

  constructor({ clock, log, worlds }: { clock: Clock; log: Logger; worlds: ContainerWorlds }) {
    this.#clock = clock;
    this.#log = log;
    this.#worlds = worlds;
  }

  logOf(podUid: string, container: string, restartCount: number): RecordedLog | undefined {
    return this.#pods.get(podUid)?.logs.get(`${container}/${restartCount}`);
  }

  /** Starts the container's command; starting the same run twice does nothing. */
  start({ pod, spec, restartCount, ended }: ProcessStart): void {
    const { uid = '' } = pod.metadata;
    const kept = this.#pods.get(uid) ?? { stop: new AbortController(), logs: new Map<string, RecordedLog>() };
    this.#pods.set(uid, kept);
    const key = `${spec.name}/${restartCount}`;
    if (kept.logs.has(key)) return;
    const log = new RecordedLog(() => this.#clock.now());
    kept.logs.set(key, log);
    kept.logs.delete(`${spec.name}/${restartCount - 2}`);
    const { signal } = kept.stop;
    void this.#run(pod, spec, { restartCount, log, signal }).then((exitCode) => {
      log.end();
      if (!signal.aborted) ended(exitCode);
    });
  }

  /** Ends everything of a pod; its logs stay readable until it is forgotten. */
  stop(podUid: string): void {
    this.#pods.get(podUid)?.stop.abort();
  }

  forget(podUid: string): void {
    this.stop(podUid);
    this.#pods.delete(podUid);
  }

  close(): void {
    for (const uid of [...this.#pods.keys()]) this.forget(uid);
  }

  async #run(
    pod: Pod,
    spec: ContainerSpec,
    { restartCount, log, signal }: { restartCount: number; log: RecordedLog; signal: AbortSignal },
  ): Promise<number> {
    try {
      const { world, env, cwd } = await this.#worlds.open(pod, spec, { restartCount } as ContainerStatus); // all that is read of it
      const shell = new Shell({ world, commands, signal }, shellState(env, cwd, ['sh']));
      return await shell.execute(commandOf(spec), { stdin: emptyInput, stdout: log, stderr: log });
    } catch (error) {
      if (error instanceof ShellExit) return error.status;
      if (!signal.aborted) {
        this.#log.warn('a simulated command failed', { pod: pod.metadata.name, container: spec.name, error });
        await log.write(`[simulated] ${error instanceof Error ? error.message : String(error)}\n`);
      }
      return 137;
    }
  }
}

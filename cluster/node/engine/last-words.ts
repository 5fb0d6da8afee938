import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { terminationFile } from './container-starter.ts';
import { processUser } from './container-facts.ts';
import type { ContainerMemory } from './container-view.ts';
import type { SeenContainer } from './engine-containers.ts';
import { lastOutput } from './engine-logs.ts';
import type { EngineContainer } from './engine-pod.ts';
import type { NodeParts } from './node-parts.ts';
import { runCommand } from './run-command.ts';

const mostMessageBytes = 4096;
const fallbackBytes = 2048;
const killedExitCode = 137;

export interface EndedContainer {
  readonly podUid: string;
  readonly spec: EngineContainer;
  readonly seen: SeenContainer;
  readonly memory: ContainerMemory;
}

/** Remembers what an ended container has left to be read, and whether the kernel has ended it. */
export async function learnOfEnd(parts: NodeParts, ended: EndedContainer): Promise<void> {
  const { seen, memory, spec } = ended;
  if (memory.messages.has(seen.id)) return;
  if (seen.exitCode === killedExitCode && !seen.oomKilled && (await wasOutOfMemory(seen.id)))
    memory.greedy.add(seen.id);
  const path = join(parts.volumes.folderOf(ended.podUid), terminationFile(spec.name, seen.attempt));
  const written = (await readFile(path, 'utf8').catch(() => '')).slice(0, mostMessageBytes);
  const wantsLog = written === '' && spec.terminationMessagePolicy === 'FallbackToLogsOnError' && seen.exitCode !== 0;
  memory.messages.set(seen.id, wantsLog ? await lastOutput(parts.engine.client, seen, fallbackBytes) : written);
}

/** Remembers who a running container runs as. */
export async function learnOfUser({ id, pid }: SeenContainer, { users }: ContainerMemory): Promise<void> {
  const user = users.has(id) || pid === 0 ? undefined : await processUser(pid);
  if (user) users.set(id, user);
}

/** Some engines do not say so themselves (Podman with the first version of control groups); the kernel's log does. */
async function wasOutOfMemory(id: string): Promise<boolean> {
  const log = await runCommand('dmesg', []).catch(() => '');
  return log.split('\n').some((line) => line.includes('oom') && line.includes(id));
}

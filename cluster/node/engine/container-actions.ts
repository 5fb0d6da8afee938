import { type Clock, delay } from '@kit/base';
import { checkGrpc, checkHttp, checkTcp, type CheckPlace, type CheckResult } from './http-check.ts';
import { checkCommand } from './engine-exec.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineContainer, Hook, Probe } from './engine-pod.ts';

export interface ActionPlace {
  readonly client: EngineClient;
  readonly clock: Clock;
  readonly containerId: string;
  readonly container: EngineContainer;
  readonly ip: string;
}

/** Does once what a probe says. */
export async function runProbe(probe: Probe, place: ActionPlace, timeoutMs: number): Promise<CheckResult> {
  const where: CheckPlace = { container: place.container, ip: place.ip, timeoutMs };
  if (probe.httpGet) return checkHttp(probe.httpGet, where);
  if (probe.tcpSocket) return checkTcp(probe.tcpSocket, where);
  if (probe.grpc) return checkGrpc(probe.grpc, where);
  return checkCommand({ ...place, command: probe.exec?.command ?? [] }, timeoutMs);
}

/** Does what a lifecycle hook says; it has succeeded when nothing is said. */
export async function runHook(hook: Hook, place: ActionPlace, timeoutMs: number): Promise<string | undefined> {
  if (hook.sleep) {
    await delay(place.clock, Math.min(timeoutMs, hook.sleep.seconds * 1000));
    return undefined;
  }
  const { ok, output } = await runProbe(hook, place, timeoutMs);
  return ok ? undefined : output || 'it has ended with an exit code other than 0';
}

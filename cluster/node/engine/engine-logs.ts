import type { LogOptions } from '../../node-runtime.ts';
import type { EngineClient, EngineCall } from './engine-client.ts';
import type { SeenContainer } from './engine-containers.ts';
import { outputChunks } from './engine-frames.ts';

function sinceOf({ sinceSeconds, sinceTime }: LogOptions, nowMs: number): string | undefined {
  const atMs = sinceSeconds === undefined ? Date.parse(sinceTime ?? '') : nowMs - sinceSeconds * 1000;
  return Number.isNaN(atMs) ? undefined : (atMs / 1000).toFixed(3);
}

/** A container's output as the engine has kept it. */
export async function* readEngineLog(
  client: EngineClient,
  { id, isTerminal }: SeenContainer,
  { options, nowMs }: { readonly options: LogOptions; readonly nowMs: number },
): AsyncGenerator<Uint8Array> {
  const { follow = false, timestamps = false, tailLines, limitBytes = Infinity, signal } = options;
  const call: EngineCall = {
    query: { stdout: true, stderr: true, follow, timestamps, tail: tailLines ?? 'all', since: sinceOf(options, nowMs) },
    signal,
  };
  let left = limitBytes;
  try {
    for await (const { bytes } of outputChunks(
      await client.stream('GET', `/containers/${id}/logs`, call),
      isTerminal,
    )) {
      yield bytes.subarray(0, left);
      left -= bytes.length;
      if (left <= 0) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const mostFallbackLines = 80;

/** The end of a container's output, of at most so many bytes. */
export async function lastOutput(client: EngineClient, seen: SeenContainer, mostBytes: number): Promise<string> {
  const options = { container: seen.name, tailLines: mostFallbackLines, signal: new AbortController().signal };
  const chunks: Uint8Array[] = [];
  for await (const chunk of readEngineLog(client, seen, { options, nowMs: 0 })) chunks.push(chunk);
  return Buffer.concat(chunks).subarray(-mostBytes).toString();
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import { Storage } from '../storage.ts';

const kills = 6;
const folder = mkdtempSync(join(tmpdir(), 'crash-'));
const path = join(folder, 'cluster.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets the writer work, kills it in the middle of its writes, and answers what it had acknowledged. */
async function runAndKill(bytes: number): Promise<string[]> {
  const script = fileURLToPath(new URL('../testing/crash-writer.ts', import.meta.url));
  const said = join(folder, 'acknowledged');
  const output = openSync(said, 'w');
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  await vi.waitFor(() => expect(statSync(said).size).toBeGreaterThan(bytes), { timeout: 20_000, interval: 5 });
  child.kill('SIGKILL');
  if (child.signalCode === null) await once(child, 'exit');
  return readFileSync(said, 'utf8').split('\n');
}

it('a process that is killed in the middle of its writes loses nothing it has acknowledged', async () => {
  const seen = new Set<string>();
  for (let kill = 0; kill < kills; kill++) {
    const lines = await runAndKill(500 + kill * 1713);
    const storage = await Storage.open({ path });
    for (const line of lines) {
      const [name = '', revision, count] = line.split(' ');
      if (count === undefined) continue; // the first line says that the writer has started, the last may be empty
      seen.add(name);
      const found = storage.get({ resource: '/configmaps', namespace: 'default', name });
      expect(found?.revision).toBeGreaterThanOrEqual(Number(revision));
      expect(found?.object().count).toBeGreaterThanOrEqual(Number(count));
    }
    await storage.close();
  }
  expect(seen.size).toBe(8);
}, 60_000);

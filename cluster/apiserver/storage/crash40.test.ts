import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { Storage } from './storage.ts';

const kills = 40;
const folder = mkdtempSync(join(tmpdir(), 'crash-'));
const path = join(folder, 'cluster.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Acknowledged {
  readonly revision: number;
  readonly count: number;
}

/** Lets the writer work, kills it in the middle of its writes, and answers what it had acknowledged. */
async function runAndKill(lines: number, known: Map<string, Acknowledged>): Promise<number> {
  const script = fileURLToPath(new URL('./testing/crash-writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', revision, count] = line.split(' ');
    if (count !== undefined) known.set(name, { revision: Number(revision), count: Number(count) });
    if (++seen === lines) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return seen;
}

it('a process that is killed in the middle of its writes loses nothing it has acknowledged', async () => {
  const known = new Map<string, Acknowledged>();
  for (let kill = 0; kill < kills; kill++) {
    await runAndKill(50 + kill * 97, known);
    const storage = await Storage.open({ path });
    for (const [name, { revision, count }] of known) {
      const found = storage.get({ resource: '/configmaps', namespace: 'default', name });
      expect(found?.revision).toBeGreaterThanOrEqual(revision);
      expect(found?.object().count).toBeGreaterThanOrEqual(count);
    }
    await storage.close();
  }
  expect(known.size).toBe(8);
}, 400_000);

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient, kinds, readKubeconfig, type KubeClient, type KubeObject } from '@kit/kube';
import { silentLogger, systemClock } from '@kit/base';
import { root } from '../../tools/root.mjs';

/** `npm run test:crash` asks for more. */
const kills = Number(process.env.FREEHOLD_KILLS ?? 100);
const writers = 8;
const namespace = 'default';

interface Running {
  readonly kube: KubeClient;
  kill(): Promise<void>;
}

async function startCluster(dataDir: string): Promise<Running> {
  const child = spawn(
    process.execPath,
    [join(root, 'tools/freehold.mjs'), 'cluster', '--data', dataDir, '--nodes', '0'],
    { cwd: root },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    let said = ''; // the first start of a clone tells of what it installs and builds
    child.stdout.on('data', (chunk: Buffer) => {
      const [, file] = /^ready (.+)\n/m.exec((said += chunk.toString())) ?? [];
      if (file) resolve(file);
    });
    void ended.then((code) => reject(new Error(`the cluster did not start (${code}): ${complaint}`)));
  });
  const kube = createKubeClient(readKubeconfig(readFileSync(kubeconfig, 'utf8')), {
    log: silentLogger,
    clock: systemClock,
  });
  return {
    kube,
    async kill() {
      child.kill('SIGKILL');
      await ended;
      await kube.close();
    },
  };
}

/** What the server has promised to keep: the turn each object was last acknowledged at; a deleted one has none. */
type Promised = Map<string, number | 'deleted'>;

/** Creates, patches and deletes objects of its own, one after the other, noting only what was acknowledged. */
async function write(kube: KubeClient, owner: string, promised: Promised): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const name = `${owner}-${turn % 7}`;
    const known = promised.get(name);
    const step = typeof known === 'number' ? (turn % 5 === 0 ? 'delete' : 'patch') : 'create';
    promised.delete(name); // while the request is under way either outcome is right
    if (step === 'create')
      await kube.create(kinds.configmaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace },
        data: { turn: String(turn) },
      });
    if (step === 'patch')
      await kube.patch(kinds.configmaps, { namespace, name }, { data: { turn: String(turn) } }, { type: 'merge' });
    if (step === 'delete') await kube.delete(kinds.configmaps, { namespace, name });
    promised.set(name, step === 'delete' ? 'deleted' : turn);
  }
}

/** Follows the objects through all restarts, going on each time where it was: what it knows comes from events alone. */
class Watcher {
  readonly turns = new Map<string, number>();
  readonly contradictions: string[] = [];
  #revision = '';

  /** Watches until the server is gone. */
  async follow(kube: KubeClient): Promise<void> {
    if (!this.#revision) this.#revision = (await kube.list(kinds.configmaps, { namespace })).metadata.resourceVersion;
    const events = kube.watch(kinds.configmaps, { namespace, resourceVersion: this.#revision });
    for await (const { type, object } of events) {
      this.#revision = object.metadata.resourceVersion ?? this.#revision;
      if (type !== 'BOOKMARK') this.#apply(type, object);
    }
  }

  #apply(type: string, object: KubeObject): void {
    const { name } = object.metadata;
    if (!name.startsWith('w')) return;
    if (this.turns.has(name) !== (type !== 'ADDED')) this.contradictions.push(`${type} ${name}`);
    const { turn } = (object.data ?? {}) as Record<string, string>; // a ConfigMap's data
    if (type === 'DELETED') this.turns.delete(name);
    else this.turns.set(name, Number(turn));
  }
}

describe('a cluster that is killed in mid-write', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'freehold-crash-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it(
    `starts again, has every acknowledged write, and shows watchers all of them, ${kills} times`,
    { timeout: 60_000 + kills * 20_000 },
    async () => {
      let acknowledged = 0;
      const promised: Promised = new Map();
      const watcher = new Watcher();
      for (let round = 0; round < kills; round += 1) {
        const running = await startCluster(dataDir);
        const { items } = await running.kube.list(kinds.configmaps, { namespace });
        const found = new Map(
          items.map((item) => [item.metadata.name, Number((item.data as Record<string, string> | undefined)?.turn)]),
        );
        const following = watcher.follow(running.kube).catch(() => undefined); // ends when the server is gone
        const written = new Map([...found].filter(([name]) => name.startsWith('w')));
        await expect.poll(() => watcher.turns, { timeout: 20_000, interval: 2 }).toEqual(written);
        for (const [name, turn] of promised)
          expect(found.get(name), `${name} after kill ${round}`).toBe(turn === 'deleted' ? undefined : turn);

        const left = items.filter((item) => item.metadata.name.startsWith('w'));
        await Promise.all(
          left.map((item) => running.kube.delete(kinds.configmaps, { namespace, name: item.metadata.name })),
        );
        promised.clear();
        const killAfter = 3 + ((round * 37) % 60); // acknowledged writes before the kill; another moment each round
        const loops = Array.from({ length: writers }, (_, k) =>
          write(running.kube, `w${k}`, promised).catch(() => undefined),
        ); // ends when the server is gone
        await expect
          .poll(() => promised.size >= Math.min(killAfter, writers * 5), { timeout: 20_000, interval: 2 })
          .toBe(true);
        await running.kill();
        await Promise.all([...loops, following]);
        acknowledged += promised.size;
      }
      expect(acknowledged).toBeGreaterThan(kills);
      expect(watcher.contradictions).toEqual([]);
    },
  );
});

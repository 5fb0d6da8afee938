import { ApiClient } from './api-client.ts';
import type { Peer } from './peers.ts';
import type { Figure } from './report.ts';

const writes = 100;

interface Commits {
  readonly mode: string;
  readonly count: number;
}

async function commitsOf(api: ApiClient): Promise<Commits> {
  const { text } = await api.ask('GET', '/metrics');
  const [, mode = '?', count = '0'] = /^apiserver_storage_commits_total\{mode="([^"]*)"\} (\d+)$/m.exec(text) ?? [];
  return { mode, count: Number(count) };
}

/** What the server itself says about when a write is safe, and how often it waits for the disk for writes that come alone. */
export async function durabilityFigure(peer: Peer): Promise<Figure> {
  const api = new ApiClient(peer.connection);
  try {
    const before = await commitsOf(api);
    for (let turn = 0; turn < writes; turn++) {
      const body = { metadata: { name: `lone-${turn}` }, data: { turn: String(turn) } };
      await api.ask('POST', '/api/v1/namespaces/default/configmaps', { body });
    }
    const { mode, count } = await commitsOf(api);
    return {
      what: 'a write is answered when it is on disk',
      value: `${mode}; ${((count - before.count) / writes).toFixed(2)} commits for a write alone`,
      peer: 'etcd 3.6: fsync of its log, as it is by default',
    };
  } finally {
    api.close();
  }
}

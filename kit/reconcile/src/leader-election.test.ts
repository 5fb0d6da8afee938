import { silentLogger, systemClock } from '@kit/base';
import { startCluster } from '@cluster/embedded';
import type { Cluster } from '@cluster/embedded';
import { createKubeClient, kinds, readKubeconfig } from '@kit/kube';
import type { KubeClient } from '@kit/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lead } from './leader-election.ts';

let cluster: Cluster;
let client: KubeClient;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, controllers: false });
  client = createKubeClient(readKubeconfig(cluster.kubeconfig));
});
afterAll(async () => {
  await client.close();
  await cluster.stop();
});

interface Runner {
  readonly leads: () => boolean;
  readonly stop: () => Promise<void>;
}

/** A process that stands for election; `through` is how it reaches the cluster. */
function stand(name: string, identity: string, through: KubeClient = client): Runner {
  const stop = new AbortController();
  let leading = false;
  const run = async (signal: AbortSignal): Promise<void> => {
    leading = true;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    leading = false;
  };
  const election = { namespace: 'default', name, identity, leaseSeconds: 1 };
  const ended = lead({ client: through, election, log: silentLogger, clock: systemClock, run }, stop.signal);
  return {
    leads: () => leading,
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

const holderOf = async (name: string): Promise<unknown> =>
  ((await client.get(kinds.leases, { namespace: 'default', name })).spec as { holderIdentity?: string }).holderIdentity;

describe('leader election', () => {
  it('lets one lead, and the next one when it stops', async () => {
    const first = stand('handover', 'one');
    await expect.poll(first.leads).toBe(true);
    const second = stand('handover', 'two');
    expect(await holderOf('handover')).toBe('one');
    await first.stop();
    expect(first.leads()).toBe(false);
    await expect.poll(second.leads, { timeout: 5000 }).toBe(true);
    expect(await holderOf('handover')).toBe('two');
    await second.stop();
    expect(await holderOf('handover')).toBe('');
  });

  it('takes over from one that has fallen silent', async () => {
    const spec = { holderIdentity: 'gone', leaseDurationSeconds: 1, renewTime: '2999-01-01T00:00:00.000000Z' };
    const metadata = { namespace: 'default', name: 'silent' };
    await client.create(kinds.leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
    const heir = stand('silent', 'heir');
    await expect.poll(heir.leads, { timeout: 5000 }).toBe(true);
    await heir.stop();
  });

  it('ends its work when it can no longer renew, before another may begin', async () => {
    const cutOff = createKubeClient(readKubeconfig(cluster.kubeconfig));
    const first = stand('cut-off', 'first', cutOff);
    await expect.poll(first.leads).toBe(true);
    const second = stand('cut-off', 'second');
    await cutOff.close();
    let both = false;
    await expect
      .poll(
        () => {
          both ||= first.leads() && second.leads();
          return second.leads();
        },
        { timeout: 5000, interval: 5 },
      )
      .toBe(true);
    expect([both, first.leads()]).toEqual([false, false]);
    await Promise.all([first.stop(), second.stop()]);
  });
});

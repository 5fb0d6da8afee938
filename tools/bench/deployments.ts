import type { ApiClient } from './api-client.ts';

export const deployments = '/apis/apps/v1/namespaces/default/deployments';
const merge = { 'content-type': 'application/merge-patch+json' };
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

interface Deployment {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly replicas?: number;
  };
}

/** A deployment of no pods yet, which all carry its name as `app`. */
export const deployment = (name: string): object => ({
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
  },
});

/** Looks at a deployment until what is asked of its newest state holds. */
export async function until(
  api: ApiClient,
  name: string,
  isTrue: (status: NonNullable<Deployment['status']>) => boolean,
): Promise<void> {
  for (;;) {
    const { metadata, status } = await api.json<Deployment>(`${deployments}/${name}`);
    if (status && status.observedGeneration === metadata.generation && isTrue(status)) return;
    await pause(250);
  }
}

export const scale = (api: ApiClient, name: string, replicas: number): Promise<unknown> =>
  api.ask('PATCH', `${deployments}/${name}`, { body: { spec: { replicas } }, headers: merge });

/** Begins a rollout of all its pods. */
export const setImage = (api: ApiClient, name: string, image: string): Promise<unknown> => {
  const body = { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } };
  return api.ask('PATCH', `${deployments}/${name}`, { body, headers: strategic });
};

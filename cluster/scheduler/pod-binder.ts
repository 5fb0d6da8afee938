import { isApiError } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import { refs } from '../reconcile/resource-refs.ts';
import type { PodInfo } from './pod-info.ts';
import type { VolumePlan } from './volumes/pod-volumes.ts';
import type { VolumeBinder } from './volumes/volume-binder.ts';

export type BindResult =
  { readonly isBound: true } | { readonly isBound: false; readonly isOver: boolean; readonly message: string };

/** Makes a decision true: first the volumes, then the binding. Many are under way at the same time. */
export class PodBinder {
  readonly #client: ClusterClient;
  readonly #volumes: VolumeBinder;

  constructor(client: ClusterClient, volumes: VolumeBinder) {
    this.#client = client;
    this.#volumes = volumes;
  }

  async bind({ pod }: PodInfo, node: string, plan: VolumePlan | undefined): Promise<BindResult> {
    const { namespace, name, uid } = pod.metadata;
    const target = { kind: 'Node', name: node };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
    try {
      if (plan) await this.#volumes.bind(plan, node);
    } catch (error) {
      return { isBound: false, isOver: false, message: `running PreBind plugin "VolumeBinding": ${messageOf(error)}` };
    }
    try {
      await this.#client.post(refs.pods, namespace, name, 'binding', binding);
      return { isBound: true };
    } catch (error) {
      // A pod that is gone, or that someone else has bound, needs nothing more from us.
      const isOver = isApiError(error, 'NotFound') || isApiError(error, 'Conflict');
      return { isBound: false, isOver, message: `running Bind plugin "DefaultBinder": ${messageOf(error)}` };
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

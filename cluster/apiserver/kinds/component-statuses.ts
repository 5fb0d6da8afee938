import type { ClusterObject } from '../../client.ts';
import { notFound } from '../store/api-errors.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { ComputedObjects } from './kind-info.ts';

/** The parts of the cluster that run beside the API server, and whether they do. */
export interface RunningComponents {
  scheduler: boolean;
  'controller-manager': boolean;
}

interface Condition {
  readonly status: string;
  readonly message: string;
}

function component(name: string, healthy: boolean): ClusterObject {
  const message = healthy ? 'ok' : `the ${name} does not run`;
  const conditions = [{ type: 'Healthy', status: healthy ? 'True' : 'False', message }];
  return { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions };
}

function cells(object: JsonObject): string[] {
  const [condition] = object['conditions'] as unknown as readonly Condition[]; // made above
  const healthy = condition?.status === 'True';
  return [healthy ? 'Healthy' : 'Unhealthy', condition?.message ?? '', ''];
}

/** How the parts of the cluster are, made anew whenever somebody asks. The storage is named as a real one names it. */
export function componentStatuses(running: Readonly<RunningComponents>): ComputedObjects {
  const all = (): ClusterObject[] => [
    component('scheduler', running.scheduler),
    component('controller-manager', running['controller-manager']),
    component('etcd-0', true),
  ];
  return {
    list: () => Promise.resolve(all()),
    get(_namespace, name) {
      const found = all().find(({ metadata }) => metadata.name === name);
      return found
        ? Promise.resolve(found)
        : Promise.reject(notFound({ group: '', resource: 'componentstatus', kind: 'ComponentStatus' }, name));
    },
    cells,
  };
}

import type { ClusterObject } from '../../client.ts';

/** An APIService whose group version another API server serves. */
export interface RemoteService {
  /** Of the APIService: `v1beta1.metrics.k8s.io`. */
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
  readonly caBundle?: string;
  readonly insecureSkipTLSVerify: boolean;
  readonly groupPriorityMinimum: number;
  readonly versionPriority: number;
  readonly available: boolean;
}

interface Spec {
  readonly group?: string;
  readonly version?: string;
  readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number } | null;
  readonly caBundle?: string;
  readonly insecureSkipTLSVerify?: boolean;
  readonly groupPriorityMinimum?: number;
  readonly versionPriority?: number;
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function isAvailable({ conditions = [] }: Status): boolean {
  return conditions.some((one) => one.type === 'Available' && one.status === 'True');
}

/** The remote service a stored APIService describes; `undefined` for one of our own. */
export function remoteServiceOf(object: ClusterObject): RemoteService | undefined {
  const { spec, status } = object as { spec?: Spec; status?: Status }; // the schema has checked it
  if (!spec?.service) return undefined;
  const defaults = {
    group: '',
    version: '',
    insecureSkipTLSVerify: false,
    groupPriorityMinimum: 0,
    versionPriority: 0,
  };
  return {
    ...defaults,
    ...spec,
    name: object.metadata.name,
    service: { namespace: '', name: '', port: 443, ...spec.service },
    available: isAvailable(status ?? {}),
  };
}

/** True when the two are asked in the same way: only whether they answer differs. */
export function isSameTarget(a: RemoteService | undefined, b: RemoteService): boolean {
  return a !== undefined && JSON.stringify({ ...a, available: true }) === JSON.stringify({ ...b, available: true });
}

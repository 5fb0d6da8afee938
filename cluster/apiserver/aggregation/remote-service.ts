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

/** The remote service a stored APIService describes; `undefined` for one of our own. */
export function remoteServiceOf({ metadata, ...object }: ClusterObject): RemoteService | undefined {
  const { spec = {}, status = {} } = object as { spec?: Spec; status?: Status }; // the schema has checked it
  const { group = '', version = '', service, caBundle, insecureSkipTLSVerify = false } = spec;
  if (!service) return undefined;
  const { namespace = '', name = '', port = 443 } = service;
  return {
    name: metadata.name,
    group,
    version,
    service: { namespace, name, port },
    ...(caBundle && { caBundle }),
    insecureSkipTLSVerify,
    groupPriorityMinimum: spec.groupPriorityMinimum ?? 0,
    versionPriority: spec.versionPriority ?? 0,
    available: (status.conditions ?? []).some((one) => one.type === 'Available' && one.status === 'True'),
  };
}

/** True when the two are asked in the same way: only whether they answer differs. */
export function isSameTarget(a: RemoteService | undefined, b: RemoteService): boolean {
  return a !== undefined && JSON.stringify({ ...a, available: true }) === JSON.stringify({ ...b, available: true });
}

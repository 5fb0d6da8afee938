import { generateName } from '../../store/object-metadata.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const namePrefix = 'kube-api-access-';

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

interface Container {
  volumeMounts?: Mount[] | null;
}

export interface MountingSpec {
  volumes?: { readonly name: string }[] | null;
  readonly initContainers?: Container[] | null;
  readonly containers?: Container[];
}

/** All that a client inside the pod needs: who it is, whom to believe, where it is. */
function tokenVolume(name: string): { name: string; projected: object } {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  return {
    name,
    projected: {
      sources: [
        // Seven seconds more than an hour: agents take that as the sign that they may renew it early.
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [namespace] } },
      ],
      defaultMode: 0o644,
    },
  };
}

const containersOf = ({ initContainers, containers }: MountingSpec): Container[] => [
  ...(initContainers ?? []),
  ...(containers ?? []),
];

const isThere = (mount: Mount): boolean => mount.mountPath === mountPath;

/** Mounts a token of the pod's account into each container that has nothing of its own at that place. */
export function mountToken(spec: MountingSpec): void {
  const known = spec.volumes?.find(({ name }) => name.startsWith(namePrefix));
  const name = known?.name ?? generateName(namePrefix);
  const without = containersOf(spec).filter(({ volumeMounts }) => !volumeMounts?.some(isThere));
  for (const container of without) {
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
  }
  if (without.length > 0 && !known) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

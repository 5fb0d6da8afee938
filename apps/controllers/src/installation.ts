import type { KubeObject } from '@kit/kube';

/** What a feature needs in a cluster before it can work: definitions of its kinds, and objects that must be there. */
export interface Installation {
  readonly kinds: readonly KubeObject[];
  readonly seeds: readonly KubeObject[];
}

/** Definitions as this module reads them. */
export interface Definition extends KubeObject {
  spec: {
    group: string;
    scope: 'Cluster' | 'Namespaced';
    names: { kind: string; plural: string };
    versions: readonly { name: string; storage: boolean }[];
  };
  status?: { conditions?: readonly { type: string; status: string; message?: string }[] };
}

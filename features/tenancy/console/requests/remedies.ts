import { useText } from '../text.ts';
import { roleTitle } from './requests-api.ts';

/** A role that would allow what is refused, and people who may give it. */
export interface Remedy {
  readonly kind: string;
  readonly role: string;
  readonly aliasName?: string;
  readonly workspace?: string;
  readonly namespace?: string;
  readonly mayGrant: readonly string[];
}

export interface Explanation {
  readonly allowed: boolean;
  readonly reason: string;
  readonly remedies: readonly Remedy[];
}

/** Only roles of workspaces and projects can be asked for; the platform's and the cluster's are given by hand. */
export function isRequestable({ workspace, namespace }: Remedy): boolean {
  return workspace !== undefined || namespace !== undefined;
}

/** Puts what the user can do something about before what only the platform gives. */
export function askedForFirst(left: Remedy, right: Remedy): number {
  return Number(isRequestable(right)) - Number(isRequestable(left));
}

/** Names a remedy with its place. */
export function useRemedyName(): (remedy: Remedy) => string {
  const t = useText();
  return (remedy) => {
    const role = remedy.aliasName ?? roleTitle(remedy, t);
    if (remedy.namespace) return t('whyNot.inProject', { role, name: remedy.namespace });
    if (remedy.workspace) return t('whyNot.inWorkspace', { role, name: remedy.workspace });
    return t(remedy.kind === 'ClusterRole' ? 'whyNot.inCluster' : 'whyNot.onPlatform', { role });
  };
}

import type { useText } from '../text.ts';

export type Phase = 'Pending' | 'Approved' | 'Denied' | 'Expired';

/** Somebody's request for a role, and what became of it. */
export interface RequestItem {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly user: string;
    readonly workspace?: string;
    readonly namespace?: string;
    readonly role: string;
    readonly reason?: string;
    readonly hours?: number;
  };
  readonly status?: {
    readonly phase: Phase;
    readonly comment?: string;
    readonly decidedBy?: string;
    readonly decidedAt?: string;
    readonly expiresAt?: string;
  };
}

export function phaseOf({ status }: RequestItem): Phase {
  return status?.phase ?? 'Pending';
}

/** The workspace or project that a request is about. */
export function placeOf({ spec }: RequestItem): string {
  return spec.namespace ?? spec.workspace ?? '';
}

const known = ['admin', 'operator', 'viewer', 'self-provisioner', 'regular'] as const;

interface RoleInPlace {
  readonly role: string;
  readonly workspace?: string;
}

/** Names a role as people call it: without its workspace, and built-in ones in the user's language. */
export function roleTitle({ role, workspace }: RoleInPlace, t: ReturnType<typeof useText>): string {
  const prefix = `${workspace ?? ''}-`;
  const short = workspace && role.startsWith(prefix) ? role.slice(prefix.length) : role;
  const builtIn = known.find((one) => one === short);
  return builtIn ? t(`role.${builtIn}`) : short;
}

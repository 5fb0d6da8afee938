const account = '/kapis/iam.freehold.io/v1alpha1/account';

export const accountPaths = {
  sessions: `${account}/sessions`,
  session: (id: string) => `${account}/sessions/${encodeURIComponent(id)}`,
  secondFactor: `${account}/secondfactor`,
  apiTokens: `${account}/apitokens`,
  apiToken: (name: string) => `${account}/apitokens/${encodeURIComponent(name)}`,
  kubeconfig: (user: string) => `/kapis/resources.kubesphere.io/v1alpha2/users/${encodeURIComponent(user)}/kubeconfig`,
} as const;

export interface SessionItem {
  readonly id: string;
  readonly current: boolean;
  readonly method: string;
  readonly client: string;
  readonly sourceIP: string;
  readonly userAgent: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface ApiTokenItem {
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  readonly readOnly: boolean;
  readonly workspaces?: readonly string[];
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  readonly lastUsedFrom?: string;
}

export interface SecondFactorState {
  readonly enabled: boolean;
  readonly since?: string;
  readonly recoveryCodesLeft?: number;
}

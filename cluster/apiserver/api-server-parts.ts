import type { Clock, Logger } from '@kit/base';
import type { NodeRuntime } from '../node-runtime.ts';
import type { Auditor } from './audit/auditor.ts';
import type { Aggregator } from './aggregation/aggregator.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { RbacAuthorizer } from './auth/rbac-authorizer.ts';
import type { ServiceAccountTokens } from './auth/service-account-tokens.ts';
import type { Phase } from './endpoints/health.ts';
import type { StoreDeps } from './store/write-request.ts';

/** What the endpoints and the client of this process work on. */
export interface ApiServerParts extends StoreDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly authorizer: RbacAuthorizer;
  readonly authenticator: Authenticator;
  readonly tokens: ServiceAccountTokens;
  /** Records requests, where somebody wants that. */
  readonly audit?: Auditor;
  /** How far the server has come, as its health endpoints tell. */
  readonly progress: { phase: Phase };
  /** Other API servers behind this one. */
  readonly aggregator: Aggregator;
  /** The node agent, once it has started. */
  readonly nodes: { runtime: NodeRuntime | undefined };
  /** Writes the cluster with its keys into a new file; absent: it is kept in memory only. */
  backUp?(file: string): Promise<void>;
}

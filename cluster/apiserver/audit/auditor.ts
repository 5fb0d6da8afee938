import type { Clock, Logger } from '@kit/base';
import { AuditLog } from './audit-log.ts';
import type { AuditSink } from './audit-log.ts';
import { decide, openPolicy } from './audit-policy.ts';
import type { AuditPolicy } from './audit-policy.ts';
import { AuditTrail } from './audit-trail.ts';
import type { Audited } from './audit-trail.ts';

/** What is recorded of requests, and where it goes. */
export interface AuditOptions {
  /** A policy of `audit.k8s.io/v1`, or the path of a file with one. */
  readonly policy: AuditPolicy | string;
  readonly sink: AuditSink;
}

/** Follows the requests that the policy asks for. */
export class Auditor {
  readonly #policy: AuditPolicy;
  readonly #log: AuditLog;
  readonly #clock: Clock;

  constructor({ policy, sink }: AuditOptions, deps: { clock: Clock; log: Logger }) {
    this.#policy = openPolicy(policy);
    this.#log = new AuditLog(sink, deps.log);
    this.#clock = deps.clock;
  }

  /** Starts the record of a request, unless nobody wants one. */
  begin(request: Audited): AuditTrail | undefined {
    const decision = decide(this.#policy, request.info, request.caller);
    if (decision.level === 'None') return undefined;
    return new AuditTrail(request, { decision, log: this.#log, clock: this.#clock });
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

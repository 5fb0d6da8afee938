import type { User } from '@kit/http';
import type { KubeObject } from '@kit/kube';

/** A write of an object that does not come by the routes of its kind: as it is and as it would be. */
export interface ObjectChange {
  readonly group: string;
  readonly resource: string;
  readonly before?: KubeObject;
  readonly after: KubeObject;
}

/**
 * What the platform holds to when people, roles and bindings are written as Kubernetes objects: nobody grants more than
 * they have, addresses of users are unique, and who is bound exists.
 */
export interface WriteGuard {
  /** Whether writes of this kind have to be checked. */
  concerns(group: string, resource: string): boolean;
  /** Throws when the user may not make this change, or it is one that nobody may. */
  check(user: User, change: ObjectChange): Promise<void>;
}

import type { Logger } from '@kit/base';
import type { RbacAuthorizer } from '../../auth/rbac-authorizer.ts';
import type { ConversionDeps } from '../../conversion/convert-object.ts';
import type { OutboundClient } from '../../outbound/outbound-client.ts';
import type { Storage } from '../../storage/storage.ts';
import type { KindRegistry } from '../../store/kind-registry.ts';

/** What calling webhooks takes. */
export interface WebhookDeps extends ConversionDeps {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly outbound: OutboundClient;
  readonly authorizer: RbacAuthorizer;
  readonly log: Logger;
}

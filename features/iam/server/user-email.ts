import { ApiError } from '@kit/base';
import type { View } from '@kit/kube';
import type { UserObject } from '../contract/index.ts';

/** Addresses identify people when they sign in: two users must not share one. */
export function checkEmailIsFree(users: View<UserObject>, email: string, name: string): void {
  for (const row of users.rows()) {
    if (row.name === name || row.object().spec.email.toLowerCase() !== email.toLowerCase()) continue;
    const message = `another user has the e-mail address "${email}"`;
    throw new ApiError('Invalid', message, {
      details: { causes: [{ field: 'spec.email', message, reason: 'FieldValueDuplicate' }] },
    });
  }
}

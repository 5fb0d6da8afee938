import { isApiError } from '@kit/base';
import { apiVersionOf } from '@kit/kube';
import type { KubeObject, Views } from '@kit/kube';
import { fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { checkEmailIsFree } from './user-email.ts';

const name = 'user.iam.freehold.io';

/** What the cluster asks about a user that is written past our API, by kubectl for example. */
export interface UserReview {
  readonly name: string;
  /** Resolves when the view that answers rest on has been read. */
  ready(): Promise<void>;
  /** The registration of the question with the cluster. */
  configuration(client: { readonly url: string; readonly caPem: string }): KubeObject;
  /** Why the object is refused, as a sentence; `undefined` when it is taken. */
  refusal(object: KubeObject): string | undefined;
}

/** Holds users whom others write to what our own API holds them to: an e-mail address has one owner. */
export function userReview(views: Views): UserReview {
  const users = views.of<UserObject>(iamTypes.users);
  return {
    name,
    ready: () => users.ready(),
    configuration: ({ url, caPem }) => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name, labels: { [labels.managedBy]: fieldManager } },
      webhooks: [
        {
          name,
          clientConfig: { url, caBundle: Buffer.from(caPem).toString('base64') },
          rules: [
            {
              apiGroups: [iamTypes.users.group],
              apiVersions: [apiVersionOf(iamTypes.users).split('/').at(-1) ?? ''],
              operations: ['CREATE', 'UPDATE'],
              resources: [iamTypes.users.plural],
              scope: 'Cluster',
            },
          ],
          // Most writes note a sign-in; only those of an address are asked about.
          matchConditions: [
            { name: 'address', expression: 'oldObject == null || object.spec.email != oldObject.spec.email' },
          ],
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          timeoutSeconds: 5,
          admissionReviewVersions: ['v1'],
        },
      ],
    }),
    refusal(object) {
      if (object.metadata.deletionTimestamp !== undefined) return undefined; // its finalizer is taken off by an update
      try {
        const { email } = (object as UserObject).spec; // cast: only users are asked about
        checkEmailIsFree(users, email, object.metadata.name);
        return undefined;
      } catch (error) {
        if (isApiError(error, 'Invalid')) return error.message;
        throw error;
      }
    },
  };
}

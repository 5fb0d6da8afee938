import { isApiError } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import { refs } from '../reconcile/resource-refs.ts';

/** Gives every namespace its `default` service account, and gives it back when someone deletes it. */
export function serviceAccountController(context: ControllerContext): Controller {
  return ensureInEveryNamespace(context, {
    name: 'serviceaccount',
    ref: refs.serviceAccounts,
    make: (namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }),
  });
}

/** Publishes the API server's CA to the pods of every namespace, and restores it when it was changed. */
export function rootCaController(caPem: string): (context: ControllerContext) => Controller {
  const description =
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
  return (context) =>
    ensureInEveryNamespace(context, {
      name: 'root-ca',
      ref: refs.configMaps,
      make: (namespace) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace, annotations: { 'kubernetes.io/description': description } },
        data: { 'ca.crt': caPem },
      }),
      isIntact: ({ data }: ClusterObject & { data?: Record<string, string> }) => data?.['ca.crt'] === caPem,
    });
}

interface Ensured {
  readonly name: string;
  readonly ref: (typeof refs)[keyof typeof refs];
  readonly make: (namespace: string) => ClusterObject;
  readonly isIntact?: (found: ClusterObject) => boolean;
}

function ensureInEveryNamespace(context: ControllerContext, ensured: Ensured): Controller {
  const { ref, make, isIntact } = ensured;
  const namespaces = context.informers.of(refs.namespaces);
  const objects = context.informers.of(ref);
  const controller = new QueueController(context, {
    name: ensured.name,
    reconcile: async (name) => {
      const namespace = namespaces.get(undefined, name);
      if (!namespace || namespace.metadata.deletionTimestamp) return;
      const wanted = make(name);
      const found = objects.get(name, wanted.metadata.name);
      if (found && isIntact?.(found) !== false) return;
      try {
        if (found)
          objects.observe(
            await context.client.update(ref, { ...wanted, metadata: { ...found.metadata, ...wanted.metadata } }),
          );
        else objects.observe(await context.client.create(ref, wanted));
      } catch (error) {
        if (!isApiError(error, 'AlreadyExists') && !isApiError(error, 'Forbidden')) throw error;
      }
    },
  });
  const ensuredName = make('').metadata.name;
  controller.feed(namespaces, ({ metadata }) => [metadata.name]);
  return controller.feed(objects, ({ metadata }) => (metadata.name === ensuredName ? [metadata.namespace ?? ''] : []));
}

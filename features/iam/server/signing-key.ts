import { randomBytes } from 'node:crypto';
import { isApiError } from '@kit/base';
import { kinds } from '@kit/kube';
import type { KubeClient, KubeObject } from '@kit/kube';
import { fieldManager, systemNamespace } from '../contract/index.ts';

const name = 'freehold-signing-key';

/** The key that signs this installation's tokens, made at random by the first server that asks for it. */
export async function signingKey(kube: KubeClient): Promise<Uint8Array> {
  const found = await kube.find(kinds.secrets, { namespace: systemNamespace, name });
  const secret = found ?? (await create(kube));
  const { key } = secret['data'] as { key?: string }; // a Secret's data is a map of base64 texts
  const bytes = Buffer.from(key ?? '', 'base64');
  if (bytes.length < 32)
    throw new Error(`Secret ${systemNamespace}/${name} holds no signing key; delete it to have a new one made`);
  return bytes;
}

async function create(kube: KubeClient): Promise<KubeObject> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: systemNamespace } };
  await kube.create(kinds.namespaces, namespace, { fieldManager }).catch(ignoreExisting);
  const data = { key: randomBytes(48).toString('base64') };
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: systemNamespace },
    type: 'Opaque',
    data,
  };
  return kube.create(kinds.secrets, secret, { fieldManager }).catch((error: unknown) => {
    ignoreExisting(error);
    return kube.get(kinds.secrets, { namespace: systemNamespace, name }); // another replica was faster: its key is ours
  });
}

function ignoreExisting(error: unknown): void {
  if (!isApiError(error, 'AlreadyExists')) throw error;
}

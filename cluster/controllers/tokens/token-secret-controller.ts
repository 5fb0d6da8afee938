import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { refs } from '../../reconcile/resource-refs.ts';

type Secret = ClusterObject & { type?: string; data?: Record<string, string> };

const secretType = 'kubernetes.io/service-account-token';
const annotations = { name: 'kubernetes.io/service-account.name', uid: 'kubernetes.io/service-account.uid' } as const;
const byAccount = 'service account';

/** As good as no end: such a token ends with its secret or its account. */
const lifetimeSeconds = 100 * 365 * 24 * 3600;

/** Fills secrets of service account tokens, and removes those whose account is gone. */
export function tokenSecretController(caPem: string): (context: ControllerContext) => Controller {
  return (context) => new TokenSecrets(context, caPem).controller;
}

class TokenSecrets {
  readonly controller: QueueController;
  readonly #client: ClusterClient;
  readonly #caPem: string;
  readonly #secrets: Informer<Secret>;
  readonly #accounts: Informer;

  constructor(context: ControllerContext, caPem: string) {
    // It may do what no controller's own account may: make tokens for anybody.
    this.#client = context.client.as('system:kube-controller-manager');
    this.#caPem = caPem;
    this.#secrets = context.informers.of<Secret>(refs.secrets).addIndex(byAccount, accountKeys);
    this.#accounts = context.informers.of(refs.serviceAccounts);
    this.controller = new QueueController(context, { name: 'token-secret', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#secrets, (secret) => (secret.type === secretType ? [keyOf(secret)] : []));
    this.controller.feed(this.#accounts, (account) => this.#secrets.byIndex(byAccount, keyOf(account)).map(keyOf));
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace = '', name } = splitKey(key);
    const secret = this.#secrets.get(namespace, name);
    if (secret?.type !== secretType || secret.metadata.deletionTimestamp) return;
    const { [annotations.name]: accountName = '', [annotations.uid]: uid } = secret.metadata.annotations ?? {};
    const account = this.#accounts.get(namespace, accountName);
    if (!account || (uid !== undefined && uid !== account.metadata.uid)) return this.#delete(secret);
    await this.#fill(secret, account);
  }

  async #fill(secret: Secret, account: ClusterObject): Promise<void> {
    const { namespace = '', name, uid = '' } = secret.metadata;
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    const fixed = { 'ca.crt': encode(this.#caPem), namespace: encode(namespace) };
    const known = secret.data ?? {};
    const isFilled =
      known['token'] !== undefined && Object.entries(fixed).every(([field, value]) => known[field] === value);
    const accountUid = account.metadata.uid ?? '';
    if (isFilled && secret.metadata.annotations?.[annotations.uid] === accountUid) return;
    const token = known['token'] ?? encode(await this.#issue(account, { kind: 'Secret', apiVersion: 'v1', name, uid }));
    const noted = { ...secret.metadata.annotations, [annotations.uid]: accountUid };
    const changed = {
      ...secret,
      metadata: { ...secret.metadata, annotations: noted },
      data: { ...known, ...fixed, token },
    };
    this.#secrets.observe(await this.#client.update(refs.secrets, changed));
  }

  async #issue(account: ClusterObject, boundObjectRef: object): Promise<string> {
    const { namespace, name } = account.metadata;
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { boundObjectRef, expirationSeconds: lifetimeSeconds },
    };
    const answer = await this.#client.post(refs.serviceAccounts, namespace, name, 'token', request);
    return (answer as { status?: { token?: string } }).status?.token ?? ''; // what the request was for
  }

  async #delete({ metadata }: Secret): Promise<void> {
    const { namespace, name, uid } = metadata;
    await this.#client.delete(refs.secrets, namespace, name, { uid }).catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  }
}

function accountKeys({ type, metadata }: Secret): string[] {
  const account = metadata.annotations?.[annotations.name];
  return type === secretType && account ? [`${metadata.namespace}/${account}`] : [];
}

import { ApiError, isApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, RouteRequest, User } from '@kit/http';
import { kinds } from '@kit/kube';
import type { KubeObject } from '@kit/kube';
import { Type } from 'typebox';
import { iamGroup, iamTypes } from '../contract/index.ts';
import type { PolicyRule, UserObject } from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import { issueCertificate } from './client-certificate.ts';
import type { IamParts } from './parts.ts';
import * as schemas from './schemas.ts';

const onPlatform = attributesOf({ verb: 'create', group: iamGroup, resource: 'globalrolebindings' });
const rules: PolicyRule[] = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];

/**
 * A user's own way to the cluster with kubectl. Only the user gets it, or who may do everything anyway: who has it acts under their name.
 */
export function kubeconfigRoute(parts: IamParts): Route {
  return defineRoute({
    method: 'GET',
    path: '/kapis/resources.kubesphere.io/v1alpha2/users/{user}/kubeconfig',
    scope: 'none',
    permission: { by: 'signedIn', why: 'answers a caller about themselves, and of others only who may do everything' },
    summary: 'Get one’s own kubeconfig: with a certificate of a day, or to the platform with one’s token',
    tag: 'Users',
    params: schemas.userParams,
    responses: { 200: Type.String() },
    handle: async ({ user, params, headers }) => {
      if (user.name !== params.user) checkMayActAs(parts, user, params.user);
      const account = await parts.kube.get<UserObject>(iamTypes.users, { name: params.user });
      const text = (await direct(parts, account.metadata.name)) ?? throughPlatform(account.metadata.name, headers);
      return new Reply(200, text, { 'content-type': 'text/plain; charset=utf-8' });
    },
  });
}

/** Who has a kubeconfig acts under its name: only who may do everything anyway gets another's. */
function checkMayActAs({ index }: IamParts, caller: User, name: string): void {
  try {
    index.checkMayGive(caller, onPlatform, { name, rules });
  } catch (cause) {
    if (!isApiError(cause, 'Forbidden')) throw cause;
    const details = { group: 'resources.kubesphere.io', kind: 'users', name };
    throw new ApiError(
      'Forbidden',
      `users.resources.kubesphere.io "${name}" is forbidden: User "${caller.name}" cannot get resource "users/kubeconfig" of somebody else`,
      { details, cause },
    );
  }
}

interface Entry {
  readonly name: string;
  readonly cluster: Readonly<Record<string, string>>;
  readonly user: Readonly<Record<string, string>>;
}

/** JSON is YAML; clients read either. */
function kubeconfig({ name, cluster, user }: Entry): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [{ name: 'local', cluster }],
    users: [{ name, user }],
    contexts: [{ name: `${name}@local`, context: { cluster: 'local', user: name, namespace: 'default' } }],
    'current-context': `${name}@local`,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Straight to the API server, where that speaks TLS, tells its authority and signs certificates. */
async function direct(parts: IamParts, name: string): Promise<string | undefined> {
  if (!parts.kube.server.startsWith('https:')) return undefined;
  const authority = await parts.kube.find<KubeObject & { data?: Record<string, string> }>(kinds.configmaps, {
    namespace: 'kube-system',
    name: 'kube-root-ca.crt',
  });
  const ca = authority?.data?.['ca.crt'];
  const issued = ca === undefined ? undefined : await issueCertificate(parts, name);
  if (!ca || !issued) return undefined;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return kubeconfig({
    name,
    cluster: { server: parts.kube.server, 'certificate-authority-data': base64(ca) },
    user: { 'client-certificate-data': base64(issued.certificate), 'client-key-data': base64(issued.key) },
  });
}

/** To the platform, which answers as the API server does; the token is the caller's own, if they came with one. */
function throughPlatform(name: string, headers: RouteRequest['headers']): string {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const server = `http://${headers.host ?? 'localhost'}`;
  return kubeconfig({ name, cluster: { server }, user: token === undefined ? {} : { token } });
}

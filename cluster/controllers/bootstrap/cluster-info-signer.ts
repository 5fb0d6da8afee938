import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterObject } from '../../client.ts';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type BootstrapSecret, type BootstrapToken, bootstrapToken } from './token-secret.ts';

type ConfigMap = ClusterObject & { data?: Record<string, string> };

const place = { namespace: 'kube-public', name: 'cluster-info' } as const;
const signaturePrefix = 'jws-kubeconfig-';
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/**
 * A signature of a text that whoever has the token can check and nobody else can make: a JWS of RFC 7515 (HS256) whose
 * content is left out, as in its appendix F.
 */
export function detachedSignature(content: string, { id, secret }: BootstrapToken): string {
  const header = base64url(JSON.stringify({ alg: 'HS256', kid: id }));
  const signature = createHmac('sha256', secret)
    .update(`${header}.${base64url(content)}`)
    .digest('base64url');
  return `${header}..${signature}`;
}

/**
 * Signs the kubeconfig that `cluster-info` shows to everybody once for each token that is there for it, so that a
 * machine that has nothing but a token knows that it speaks with the right cluster.
 */
export function clusterInfoSigner(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const secrets = informers.of<BootstrapSecret>(refs.secrets);
  const maps = informers.of<ConfigMap>(refs.configMaps);
  const signingToken = (secret: BootstrapSecret): BootstrapToken[] => {
    const token = bootstrapToken(secret);
    const isOver = token?.expiresAtMs !== undefined && token.expiresAtMs <= clock.now();
    return token?.forSigning && !isOver && !secret.metadata.deletionTimestamp ? [token] : [];
  };
  const controller = new QueueController(context, {
    name: 'bootstrap-signer',
    reconcile: async () => {
      const info = maps.get(place.namespace, place.name);
      const content = info?.data?.['kubeconfig'];
      if (!info || content === undefined) return;
      const kept = Object.entries(info.data ?? {}).filter(([name]) => !name.startsWith(signaturePrefix));
      const signed = [...secrets.all()]
        .flatMap(signingToken)
        .map((token) => [signaturePrefix + token.id, detachedSignature(content, token)] as const);
      const data = Object.fromEntries([...kept, ...signed]);
      if (!isDeepStrictEqual(data, info.data)) maps.observe(await client.update(refs.configMaps, { ...info, data }));
    },
  });
  const isInfo = ({ metadata }: ConfigMap): boolean =>
    metadata.namespace === place.namespace && metadata.name === place.name;
  controller.feed(maps, (map) => (isInfo(map) ? [place.name] : []));
  return controller.feed(secrets, (secret) => (bootstrapToken(secret) ? [place.name] : []));
}

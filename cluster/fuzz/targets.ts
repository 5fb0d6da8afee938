import { generateKeyPairSync } from 'node:crypto';
import { systemClock } from '@kit/base';
import { ServiceAccountTokens } from '../apiserver/auth/service-account-tokens.ts';
import { requestInfo } from '../apiserver/endpoints/request-info.ts';
import { aggregatedVersion, negotiate } from '../apiserver/endpoints/negotiate.ts';
import { deleteOptions, listQuery, watchOptions } from '../apiserver/endpoints/request-options.ts';
import { builtinKinds } from '../apiserver/kinds/builtin-kinds.ts';
import type { KindInfo } from '../apiserver/kinds/kind-info.ts';
import { Storage } from '../apiserver/storage/storage.ts';
import { decodeContinue, encodeContinue } from '../apiserver/store/continue-token.ts';
import { select } from '../apiserver/store/selection.ts';
import { bodyTargets } from './body-targets.ts';
import { streamTargets } from './stream-targets.ts';
import { texts } from './target.ts';
import type { Target } from './target.ts';

function podKind(): KindInfo {
  const kind = builtinKinds().find((one) => one.group === '' && one.kind === 'Pod');
  if (!kind) throw new Error('the built-in kinds have no Pod');
  return kind;
}

async function tokenTarget(): Promise<Target> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const storage = await Storage.open();
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const tokens = new ServiceAccountTokens(key, storage, systemClock);
  const request = { namespace: 'default', name: 'a', uid: 'u', audiences: ['x'], lifetimeSeconds: 600 };
  const { token } = await tokens.issue(request);
  return {
    name: 'bearer token',
    seeds: texts(token, 'a.b.c'),
    read: (bytes) => tokens.verify(bytes.toString('latin1')),
  };
}

function headTargets(kind: KindInfo): Target[] {
  return [
    {
      name: 'request line',
      seeds: texts(
        '/api/v1/namespaces/default/pods/web/log?follow=true&tailLines=10',
        '/apis/apps/v1/deployments?watch=1&labelSelector=a%3Db',
        '/apis/apps/v1/namespaces/a/deployments/b/scale?fieldManager=x&dryRun=All',
      ),
      read: (bytes) => {
        const { query } = requestInfo('GET', bytes.toString('latin1'));
        return [listQuery(query), watchOptions(query), deleteOptions(query, undefined)];
      },
    },
    {
      name: 'Accept header',
      seeds: texts(
        'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;q=0.5,*/*',
        'application/vnd.kubernetes.protobuf;stream=watch, application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      ),
      read: (bytes) => [negotiate(bytes.toString('latin1')), aggregatedVersion(bytes.toString('latin1'))],
    },
    {
      name: 'label selector',
      seeds: texts('a=b,c!=d,e in (f,g),h notin (i),!j,k', 'x.y/z==1,n>5,n<7'),
      read: (bytes) => select(kind, { labelSelector: bytes.toString() }),
    },
    {
      name: 'field selector',
      seeds: texts('metadata.name=web,spec.nodeName!=a\\,b', 'status.phase==Running'),
      read: (bytes) => select(kind, { fieldSelector: bytes.toString() }),
    },
    {
      name: 'continue token',
      seeds: texts(
        encodeContinue({ revision: 5, after: 'default/web' }),
        Buffer.from('{"v":"meta.k8s.io/v1","rv":-1,"start":"a"}').toString('base64url'),
      ),
      read: (bytes) => decodeContinue(bytes.toString('latin1')),
    },
  ];
}

/** Every parser that meets the bytes of callers nobody has authorized yet, and those that read what they send next. */
export async function targets(): Promise<Target[]> {
  const kind = podKind();
  return [...headTargets(kind), await tokenTarget(), ...bodyTargets(kind), ...(await streamTargets())];
}

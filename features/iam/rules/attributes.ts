import type { AccessScope, Attributes, AttributesQuery } from '../contract/index.ts';
import { isGlobalResource } from './request-info.ts';

/** A question as full attributes: what is not said is empty, and the scope follows from the narrowest place said. */
export function attributesOf(query: AttributesQuery): Attributes {
  const full = { ...nothing, ...query };
  return { ...full, scope: query.scope ?? scopeOf(full) };
}

const nothing = {
  group: '',
  version: '',
  resource: '',
  subresource: '',
  name: '',
  namespace: '',
  workspace: '',
  devops: '',
  cluster: '',
  isResource: true,
  isKubernetes: false,
  path: '',
} as const;

function scopeOf({ group, resource, namespace, devops, workspace }: Omit<Attributes, 'scope'>): AccessScope {
  if (namespace !== '') return 'namespace';
  if (devops !== '') return 'devops';
  if (workspace !== '') return 'workspace';
  return isGlobalResource(group, resource) ? 'global' : 'cluster';
}

import { ApiError } from '@kit/base';
import type { Attributes, Decision } from '../contract/index.ts';

/** Why nothing was granted, in Kubernetes' form: tools read it. */
export function refusalReason(userName: string, wanted: Attributes): string {
  if (!wanted.isResource) return `User "${userName}" cannot ${wanted.verb} path "${wanted.path}"`;
  const resource = wanted.subresource === '' ? wanted.resource : `${wanted.resource}/${wanted.subresource}`;
  return `User "${userName}" cannot ${wanted.verb} resource "${resource}" in API group "${wanted.group}" ${placeOf(wanted)}`;
}

function placeOf({ scope, namespace, workspace, devops }: Attributes): string {
  if (scope === 'namespace') return `in the namespace "${namespace}"`;
  if (scope === 'workspace') return `in the workspace "${workspace}"`;
  if (scope === 'devops') return `in the DevOps project "${devops}"`;
  return 'at the cluster scope';
}

/** The error of a refused request. */
export function refusal(wanted: Attributes, decision: Decision): ApiError {
  const { group, resource, name } = wanted;
  if (!wanted.isResource) return new ApiError('Forbidden', `forbidden: ${decision.reason}`, { details: {} });
  const what = `${group === '' ? resource : `${resource}.${group}`}${name === '' ? '' : ` "${name}"`}`;
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource };
  return new ApiError('Forbidden', `${what} is forbidden: ${decision.reason}`, { details });
}

import type { Caller } from '../store/write-request.ts';

/** What somebody wants to do to a resource; no group, namespace, name or subresource is ''. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of a list or watch, as the request brings it. */
  readonly fieldSelector?: string;
}

/** What somebody wants to do to a path that is no resource. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | PathAttributes;

export interface Decision {
  readonly allowed: boolean;
  /** Which binding allowed it, or why not. */
  readonly reason?: string;
}

/** Decides what a caller may do. */
export interface Authorizer {
  decide(caller: Caller, attributes: Attributes): Decision;
}

/** The sentence of a refusal, after `... is forbidden: ` or `forbidden: `, with the reason where one was given. */
export function refusal(caller: Caller, attributes: Attributes, decision?: Decision): string {
  const sentence = refusalSentence(caller, attributes);
  return decision?.reason ? `${sentence}: ${decision.reason}` : sentence;
}

function refusalSentence(caller: Caller, attributes: Attributes): string {
  const user = JSON.stringify(caller.name);
  if ('path' in attributes) return `User ${user} cannot ${attributes.verb} path ${JSON.stringify(attributes.path)}`;
  const { verb, resource, subresource, group, namespace } = attributes;
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return `User ${user} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
}

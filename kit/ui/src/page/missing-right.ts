import type { Permission } from '../api/can.ts';

/** The right that a refusal names, as Kubernetes writes it; undefined when it names none. */
export function missingRight(message = ''): Permission | undefined {
  const [, verb, resource, group = ''] = /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"/.exec(message) ?? [];
  if (!verb || !resource) return undefined;
  const [name = '', subresource] = resource.split('/');
  return { verb, group, resource: name, ...(subresource ? { subresource } : {}) };
}

import type { ClusterObject } from '../../../client.ts';
import type { ContainerResources, Resources, ResourceSpec } from '../pods/pod-resources.ts';
import type { LimitItem } from './limit-range.ts';

const annotation = 'kubernetes.io/limit-ranger';

/** Fills in what a container does not say, and tells what that was. */
function fillIn(container: ContainerResources, what: string, usual: Required<Resources>): string[] {
  const told: string[] = [];
  const resources = (container.resources ??= {});
  const fill = (side: 'limits' | 'requests', word: string): void => {
    const given = resources[side] ?? {};
    const missing = Object.keys(usual[side]).filter((name) => !(name in given));
    if (missing.length === 0) return;
    resources[side] = { ...given, ...Object.fromEntries(missing.map((name) => [name, usual[side][name] ?? '0'])) };
    told.push(`${[...missing].sort().join(', ')} ${word} for ${what} ${container.name}`);
  };
  fill('requests', 'request');
  fill('limits', 'limit');
  return told;
}

/** Gives the pod's containers the limits and requests that are usual in the namespace, where they name none. */
export function defaultContainers(pod: ClusterObject, items: readonly LimitItem[]): void {
  const usual: Required<Resources> = { limits: {}, requests: {} };
  for (const item of items.filter(({ type }) => type === 'Container')) {
    usual.requests = { ...usual.requests, ...item.defaultRequest };
    usual.limits = { ...usual.limits, ...item.default };
  }
  if (Object.keys(usual.requests).length === 0 && Object.keys(usual.limits).length === 0) return;
  const spec = pod.spec as ResourceSpec; // the schema has checked it
  const told = [
    ...(spec.containers ?? []).flatMap((container) => fillIn(container, 'container', usual)),
    ...(spec.initContainers ?? []).flatMap((container) => fillIn(container, 'init container', usual)),
  ];
  if (told.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${told.join('; ')}`,
  };
}

import { useText } from './text.ts';

const named = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'pods',
  'services',
  'persistentvolumeclaims',
  'configmaps',
  'secrets',
] as const;

/** Writes counts by kind as lines: `3 deployments`. */
export function useGoesWith(): (objects: Readonly<Record<string, number>>) => string[] {
  const t = useText();
  return (objects) => named.flatMap((kind) => (objects[kind] ? [t(`goes.${kind}`, { count: objects[kind] })] : []));
}

import { useText } from '../text.ts';

/** What a limit is usually about, in the order people think of it. */
export const resources = [
  'requests.cpu',
  'limits.cpu',
  'requests.memory',
  'limits.memory',
  'requests.storage',
  'persistentvolumeclaims',
  'pods',
  'count/deployments.apps',
  'count/statefulsets.apps',
  'count/jobs.batch',
  'services',
  'secrets',
  'configmaps',
] as const;

/** Names a resource of a quota in words; others by their key. */
export function useResourceName(): (resource: string) => string {
  const t = useText();
  return (resource) => {
    const known = resources.find((one) => one === resource);
    return known ? t(`resource.${known}`) : resource;
  };
}

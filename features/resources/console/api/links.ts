import { to, type Href, type ProjectPlace } from '@kit/ui';

const pages: Readonly<Record<string, (at: ProjectPlace, name: string) => Href>> = {
  Deployment: (at, name) => to.project(at, 'deployments/$name', { name }),
  Pod: (at, name) => to.project(at, 'pods/$name', { name }),
  Service: (at, name) => to.project(at, 'services/$name', { name }),
  ConfigMap: (at, name) => to.project(at, 'config/configmaps/$name', { name }),
  Secret: (at, name) => to.project(at, 'config/secrets/$name', { name }),
};

/** The page of an object, for the kinds that have one. */
export function pageOf(at: ProjectPlace, kind: string, name: string): Href | undefined {
  return pages[kind]?.(at, name);
}

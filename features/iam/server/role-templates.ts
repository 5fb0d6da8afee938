import type { KubeObject, ResourceType, Views } from '@kit/kube';
import { annotations } from '../contract/index.ts';
import type { RoleObject } from '../contract/index.ts';
import { namesIn } from '../rules/template-names.ts';

/** The templates a role is made of, as objects: what KubeSphere's console reads a user's abilities from. */
export function templatesOf(
  views: Views,
  type: ResourceType,
  role: { readonly namespace?: string; readonly name: string },
): KubeObject[] {
  const view = views.of<RoleObject>(type);
  const found = view.get(role.namespace ?? '', role.name)?.object();
  return namesIn(found?.metadata.annotations?.[annotations.aggregationRoles]).flatMap((name) => {
    const template = view.get(role.namespace ?? '', name)?.object();
    return template ? [template] : [];
  });
}

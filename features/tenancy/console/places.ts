import { api, to, type ListPage, type PlaceSource } from '@kit/ui';
import { aliasOf, homeCluster, paths, workspaceOf, type ProjectItem, type WorkspaceItem } from './api.ts';

const limit = 20;

/** The workspaces that the user may enter. */
export const workspacePlaces: PlaceSource = {
  place: 'workspace',
  pathOf: ({ workspace }) => paths.workspace(workspace),
  async find(search) {
    const { items } = await api.get<ListPage<WorkspaceItem>>(paths.workspaces, {
      query: { name: search, limit, sortBy: 'name', ascending: true },
    });
    return items.map((item) => ({
      href: to.workspace(item.metadata.name, ''),
      name: item.metadata.name,
      detail: aliasOf(item),
    }));
  },
};

/** The projects that the user may enter: those of a workspace, or all. */
export const projectPlaces: PlaceSource = {
  place: 'project',
  pathOf: ({ workspace, project }) => paths.project(workspace, project),
  async find(search, { workspace }) {
    const path = workspace ? paths.projects(workspace) : paths.namespaces;
    const { items } = await api.get<ListPage<ProjectItem>>(path, {
      query: { name: search, limit, sortBy: 'name', ascending: true },
    });
    return items.flatMap((item) => {
      const home = workspaceOf(item);
      const at = { workspace: home ?? '', cluster: homeCluster, project: item.metadata.name };
      return home ? [{ href: to.project(at, ''), name: item.metadata.name, detail: aliasOf(item) ?? home }] : [];
    });
  },
};

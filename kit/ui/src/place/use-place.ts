import { useMemo } from 'react';
import { useParams } from '@tanstack/react-router';
import type { Place, ProjectPlace } from './place.ts';

type UrlParams = Readonly<Record<string, string | undefined>>;

function useUrlParams(): UrlParams {
  const params: UrlParams = useParams({ strict: false });
  return params;
}

/** Where the user is, by the URL. */
export function usePlace(): { place: Place; workspace?: string; cluster?: string; project?: string } {
  const { workspace, cluster, project } = useUrlParams();
  const place = project ? 'project' : workspace ? 'workspace' : 'platform';
  return useMemo(() => ({ place, workspace, cluster, project }), [place, workspace, cluster, project]);
}

/** A parameter that the page's path names; asking for another one is a fault of the page. */
export function usePageParam(name: string): string {
  const value = useUrlParams()[name];
  if (value === undefined) throw new Error(`the URL of this page has no "${name}"`);
  return value;
}

/** The workspace of a workspace or project page. */
export function useWorkspace(): string {
  return usePageParam('workspace');
}

/** The project of a project page. */
export function useProject(): ProjectPlace {
  const workspace = usePageParam('workspace');
  const cluster = usePageParam('cluster');
  const project = usePageParam('project');
  return useMemo(() => ({ workspace, cluster, project }), [workspace, cluster, project]);
}

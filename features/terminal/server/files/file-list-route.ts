import { defineRoute, type Route } from '@kit/http';
import { Type } from 'typebox';
import { containerPath } from '../../rules/container-path.ts';
import { listedFiles } from '../../rules/listed-files.ts';
import { startCommand } from '../exec/remote-command.ts';
import { containerOf } from '../exec/pod-terminal.ts';
import type { TerminalDeps } from '../ports.ts';
import { captured } from './captured.ts';

const item = Type.Object({
  name: Type.String(),
  type: Type.Union(['file', 'folder', 'link', 'other'].map((type) => Type.Literal(type))),
  mode: Type.String(),
  owner: Type.String(),
  group: Type.String(),
  size: Type.Integer(),
  modified: Type.String(),
  target: Type.Optional(Type.String()),
});

/** What is in a folder of a container, as its own `ls` says. */
export function terminalRoutes(deps: TerminalDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/kapis/terminal.freehold.io/v1alpha1/namespaces/{namespace}/pods/{pod}/files',
      scope: 'project',
      permission: { by: 'rbac', attributes: { verb: 'create', group: '', subresource: 'exec' } },
      summary: 'List the files of a folder of a container',
      tag: 'Terminal',
      params: Type.Object({ namespace: Type.String(), pod: Type.String() }),
      query: Type.Object({ container: Type.Optional(Type.String()), path: Type.Optional(Type.String()) }),
      responses: { 200: Type.Object({ path: Type.String(), items: Type.Array(item) }) },
      handle: async ({ params: { namespace, pod }, query, signal }) => {
        const path = containerPath(query.path ?? '/');
        const place = await containerOf(deps, { namespace, pod, container: query.container });
        const folder = path.endsWith('/') ? path : `${path}/`; // of a link, what it leads to
        const command = await startCommand(deps.kube, { ...place, command: ['ls', '-la', folder], tty: false, signal });
        return { path, items: listedFiles(await captured(command)) };
      },
    }),
  ];
}

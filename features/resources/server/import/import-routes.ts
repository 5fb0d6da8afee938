import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route } from '@kit/http';
import { kinds } from '@kit/kube';
import { Type } from 'typebox';
import { importAnswer, importRequest } from '../../contract/index.ts';
import { readManifests } from '../../rules/read-manifests.ts';
import type { ResourcesDeps } from '../ports.ts';
import { importObjects } from './import-objects.ts';

/** Whoever may see the project may try; each object then asks for the right to itself. */
const seesProject: Permission = { by: 'rbac', attributes: { verb: 'get', group: '', resource: 'namespaces' } };

/** Imports a text of YAML documents into a project, or says what an import would do. */
export function importRoutes({ kube, access, guard, log }: ResourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/kapis/resources.freehold.io/v1alpha1/namespaces/{namespace}/imports',
      scope: 'project',
      permission: seesProject,
      summary: 'Import YAML documents into a project, or try to',
      tag: 'Import',
      params: Type.Object({ namespace: Type.String() }),
      body: importRequest,
      responses: { 200: importAnswer },
      handle: async ({ user, params: { namespace }, body: { yaml, dryRun }, requestId }) => {
        const manifests = readManifests(yaml);
        if (manifests.length === 0) throw new ApiError('BadRequest', 'the text holds no objects');
        if (!(await kube.find(kinds.namespaces, { name: namespace }))) {
          const details = { kind: 'namespaces', name: namespace };
          throw new ApiError('NotFound', `there is no project "${namespace}"`, { details });
        }
        const items = await importObjects({ kube, access, guard, log }, manifests, {
          user,
          namespace,
          dryRun,
          requestId,
        });
        return { dryRun, items };
      },
    }),
  ];
}

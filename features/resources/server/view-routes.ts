import { defineRoute, type Route } from '@kit/http';
import { Type } from 'typebox';
import type { ResourcesParts } from './parts.ts';

const item = Type.Object({
  kind: Type.String(),
  group: Type.String(),
  version: Type.String(),
  /** Read whole, and followed since. */
  synced: Type.Boolean(),
  /** False when the cluster does not serve the kind. */
  served: Type.Boolean(),
  objects: Type.Integer(),
  bytes: Type.Integer(),
});

/** What this server keeps of the cluster in memory. */
export function viewRoutes({ views }: ResourcesParts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/kapis/resources.freehold.io/v1alpha1/views',
      scope: 'cluster',
      permission: { by: 'rbac' },
      summary: 'Say which kinds this server follows, whether it has read them, and what they take',
      tag: 'Resources',
      responses: { 200: Type.Object({ items: Type.Array(item), objects: Type.Integer(), bytes: Type.Integer() }) },
      handle: () => {
        const items = views.state().map(({ type: { kind, group, version }, synced, served, size: objects, bytes }) => ({
          kind,
          group,
          version,
          synced,
          served,
          objects,
          bytes,
        }));
        const sum = (of: (one: (typeof items)[number]) => number): number =>
          items.reduce((all, one) => all + of(one), 0);
        return { items, objects: sum(({ objects }) => objects), bytes: sum(({ bytes }) => bytes) };
      },
    }),
  ];
}

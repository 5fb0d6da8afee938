import type { ClusterObject } from '../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import { type Condition, findCondition, withCondition } from '../reconcile/conditions.ts';
import { refs } from '../reconcile/resource-refs.ts';

interface FlowSchema extends ClusterObject {
  readonly spec: { readonly priorityLevelConfiguration: { readonly name: string } };
  readonly status?: { readonly conditions?: Condition[] };
}

/** Says of each flow schema whether the priority level that it names is there, as a real API server does. */
export function flowSchemaController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const schemas = informers.of<FlowSchema>(refs.flowSchemas);
  const levels = informers.of(refs.priorityLevels);
  const controller = new QueueController(context, {
    name: 'flow-schema',
    reconcile: async (name) => {
      const schema = schemas.get(undefined, name);
      if (!schema || schema.metadata.deletionTimestamp) return;
      const level = schema.spec.priorityLevelConfiguration.name;
      const wanted = dangling(level, levels.get(undefined, level) !== undefined);
      const known = findCondition(schema.status?.conditions, wanted.type);
      if (known?.status === wanted.status && known.message === wanted.message) return;
      const now = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
      const conditions = withCondition(schema.status?.conditions, wanted, now);
      const changed = { ...schema, status: { ...schema.status, conditions } };
      schemas.observe(await client.update(refs.flowSchemas, changed, 'status'));
    },
  });
  const ofLevel = ({ metadata: { name } }: ClusterObject): string[] =>
    [...schemas.all()]
      .filter(({ spec }) => spec.priorityLevelConfiguration.name === name)
      .map(({ metadata }) => metadata.name);
  return controller.feed(schemas, ({ metadata }) => [metadata.name]).feed(levels, ofLevel);
}

function dangling(level: string, isThere: boolean): Condition {
  const named = `This FlowSchema references the PriorityLevelConfiguration object named "${level}"`;
  return isThere
    ? { type: 'Dangling', status: 'False', reason: 'Found', message: `${named} and it exists` }
    : { type: 'Dangling', status: 'True', reason: 'NotFound', message: `${named} but there is no such object` };
}

import { isApiError, timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Condition, withCondition } from '../../reconcile/conditions.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { deleteAll } from '../delete-all.ts';
import { acceptNames, type Definition } from './accepted-names.ts';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';
const nextRoundMs = 200;

/** Accepts the names of custom resource definitions, and removes all instances of one that is being deleted. */
export function definitionController(context: ControllerContext): Controller {
  return new Definitions(context).controller;
}

class Definitions {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #definitions: Informer<Definition>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#definitions = context.informers
      .of<Definition>(refs.definitions)
      .addIndex('group', ({ spec }) => [spec.group]);
    // One at a time: two definitions that want the same name must not both find it free.
    this.controller = new QueueController(context, {
      name: 'definition',
      workers: 1,
      reconcile: (name) => this.#reconcile(name),
    });
    this.controller.feed(this.#definitions, (definition, { before, after }) => {
      const namesMoved = canonical(before?.status?.acceptedNames) !== canonical(after?.status?.acceptedNames);
      const inGroup = this.#definitions.byIndex('group', definition.spec.group).map(({ metadata }) => metadata.name);
      return namesMoved ? [definition.metadata.name, ...inGroup] : [definition.metadata.name];
    });
  }

  async #reconcile(name: string): Promise<void> {
    const definition = this.#definitions.get(undefined, name);
    if (!definition) return;
    if (definition.metadata.deletionTimestamp) return this.#cleanUp(definition);
    const { acceptedNames, namesAccepted, established } = acceptNames(
      definition,
      this.#definitions.byIndex('group', definition.spec.group),
    );
    const stored = new Set([
      ...(definition.status?.storedVersions ?? []),
      ...definition.spec.versions.filter(({ storage }) => storage).map((version) => version.name),
    ]);
    await this.#writeStatus(definition, { acceptedNames, storedVersions: [...stored] }, [namesAccepted, established]);
  }

  async #cleanUp(definition: Definition): Promise<void> {
    if (!definition.metadata.finalizers?.includes(cleanup)) return;
    const terminating = {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionInProgress',
      message: 'CustomResource deletion is in progress',
    } as const;
    const marked = await this.#writeStatus(definition, {}, [terminating]);
    if (await this.#instancesLeft(definition)) {
      this.controller.queue.addAfter(definition.metadata.name, nextRoundMs);
      return;
    }
    const done = {
      type: 'Terminating',
      status: 'False',
      reason: 'InstanceDeletionCompleted',
      message: 'removed all instances',
    } as const;
    const { metadata } = await this.#writeStatus(marked, {}, [done]);
    const finalizers = (metadata.finalizers ?? []).filter((one) => one !== cleanup);
    const body = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
    await this.#context.client.patch(refs.definitions, undefined, metadata.name, { type: 'merge', body });
  }

  async #instancesLeft({ spec, status }: Definition): Promise<boolean> {
    const resource = status?.acceptedNames?.plural ?? spec.names.plural ?? '';
    try {
      return (await deleteAll(this.#context.client, { group: spec.group, resource })).length > 0;
    } catch (error) {
      // A definition that was never established has no resource, and so no instances.
      if (isApiError(error, 'NotFound')) return false;
      throw error;
    }
  }

  async #writeStatus(
    definition: Definition,
    changes: Partial<Definition['status']>,
    conditions: readonly Condition[],
  ): Promise<Definition> {
    const now = timestamp(this.#context.clock.now());
    const all = conditions.reduce<Condition[]>(
      (list, one) => withCondition(list, one, now),
      [...(definition.status?.conditions ?? [])],
    );
    const status = { ...definition.status, ...changes, conditions: all };
    if (canonical(status) === canonical(definition.status)) return definition;
    const written: ClusterObject = await this.#context.client.update(
      refs.definitions,
      { ...definition, status },
      'status',
    );
    this.#definitions.observe(written);
    return written as Definition; // the answer is the definition that was sent
  }
}

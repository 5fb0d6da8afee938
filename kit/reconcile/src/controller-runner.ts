import { isApiError } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, KubeObject, ObjectKey, ResourceType, Row, ViewEvent, Views } from '@kit/kube';
import type { BoundController } from './controller.ts';
import { createObjectRunner } from './object-runner.ts';
import { WorkQueue } from './work-queue.ts';

export interface ControllerRunnerDeps {
  readonly client: KubeClient;
  readonly views: Views;
  readonly log: Logger;
  readonly clock: Clock;
}

const separator = '/'; // in no name and no namespace

function keyText({ namespace, name }: ObjectKey): string {
  return `${namespace ?? ''}${separator}${name}`;
}

/** The objects of `type` that own a row. */
function ownersOf(type: ResourceType, row: Row): ObjectKey[] {
  const owners = row.object().metadata.ownerReferences ?? [];
  return owners
    .filter((owner) => owner.kind === type.kind && (owner.apiVersion.split('/').at(-2) ?? '') === type.group)
    .map((owner) => ({ namespace: type.namespaced ? row.namespace : undefined, name: owner.name }));
}

/** Runs one controller until `signal` is aborted: it begins when the kinds it looks at are known. */
export async function runController(
  bound: BoundController,
  deps: ControllerRunnerDeps,
  signal: AbortSignal,
): Promise<void> {
  const { controller } = bound;
  const { views, clock } = deps;
  const log = deps.log.with({ controller: controller.name });
  const runObject = createObjectRunner(bound, deps);
  const view = views.of<KubeObject>(controller.type);
  const related = [
    ...(controller.owns ?? []).map((type) => ({ type, map: (row: Row) => ownersOf(controller.type, row) })),
    ...(controller.watches ?? []),
  ];

  async function work(key: string): Promise<{ againMs?: number } | void> {
    const [namespace = '', name = ''] = key.split(separator);
    const row = view.get(namespace, name);
    if (!row) return;
    const outcome = await runObject(row.object());
    if (outcome.kind === 'waiting') return { againMs: outcome.seconds * 1000 };
    if (outcome.kind !== 'failed') return;
    const level = isApiError(outcome.error, 'Conflict') ? 'debug' : 'warn';
    log[level]('an object could not be reconciled and is tried again', {
      namespace,
      object: name,
      error: outcome.error,
    });
    throw outcome.error;
  }

  const queue = new WorkQueue({ clock, concurrency: controller.concurrency ?? 4, work });
  const addAll = (keys: readonly ObjectKey[]): void => keys.forEach((key) => queue.add(keyText(key)));
  const unsubscribe = [
    view.subscribe(({ row }) => queue.add(keyText(row))),
    ...related.map(({ type, map }) =>
      views.of(type).subscribe(({ row, previous }: ViewEvent) => {
        addAll(map(row));
        if (previous && previous !== row) addAll(map(previous)); // whom it concerned before has lost it
      }),
    ),
  ];
  try {
    await Promise.all([view, ...related.map(({ type }) => views.of(type))].map((one) => one.ready(signal)));
    addAll([...view.rows()]);
    log.debug('a controller has begun', { objects: view.size });
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) log.warn('a controller ended before it began', { error });
  } finally {
    unsubscribe.forEach((end) => end());
    await queue.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

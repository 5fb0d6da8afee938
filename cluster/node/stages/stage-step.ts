import type { ClusterObject } from '../../client.ts';
import type { StageEvent, StageFinalizers, StagePatch, StageStep } from './stage-object.ts';
import { type StageSurroundings, stageTemplate } from './template/render-yaml.ts';
import { TemplateError } from './template/template-value.ts';

export type PatchType = 'json' | 'merge' | 'strategic';

/** What a step asks for, with everything filled in for one object. */
export type StageAction =
  | { readonly does: 'event'; readonly event: StageEvent }
  | { readonly does: 'delete' }
  | {
      readonly does: 'patch';
      readonly type: PatchType;
      readonly body: unknown;
      readonly subresource?: string;
      readonly as?: string;
    }
  | {
      readonly does: 'apply';
      readonly type: 'apply' | 'merge' | 'strategic';
      readonly object: ClusterObject;
      readonly subresource?: string;
      readonly as?: string;
    };

/** One step of a stage, ready to be asked what it does to an object. */
export type CompiledStep = (object: ClusterObject) => StageAction[];

/** The changes of a list of finalizers, as a JSON patch; from the last to the first, so that places stay right. */
function finalizerChanges(known: readonly string[], { add = [], remove = [], empty }: StageFinalizers): unknown[] {
  const unwanted = new Set(remove.map(({ value }) => value));
  const removed = known
    .flatMap((value, index) => (unwanted.has(value) ? [{ op: 'remove', path: `/metadata/finalizers/${index}` }] : []))
    .toReversed();
  const added = add.map(({ value }) => value);
  const isEmpty = empty === true || (remove.length > 0 && removed.length === known.length);
  const clears = isEmpty && known.length > 0 ? [{ op: 'remove', path: '/metadata/finalizers' }] : [];
  if (isEmpty || known.length === 0)
    return [...clears, ...(added.length > 0 ? [{ op: 'add', path: '/metadata/finalizers', value: added }] : [])];
  const missing = added.filter((value) => !known.includes(value));
  return [...removed, ...missing.map((value) => ({ op: 'add', path: '/metadata/finalizers/-', value }))];
}

const common = ({ subresource, impersonation }: StagePatch): { subresource?: string; as?: string } => ({
  ...(subresource !== undefined && { subresource }),
  ...(impersonation && { as: impersonation.username }),
});

function rooted(root: string | undefined, type: PatchType, body: unknown): unknown {
  if (root === undefined) return body;
  if (type !== 'json') return { [root]: body };
  if (!Array.isArray(body)) throw new TemplateError('the template of a JSON patch made no list');
  return body.map((change: { path?: string }) => ({ ...change, path: `/${root}${change.path ?? ''}` }));
}

function patchStep(patch: StagePatch, kind: string, surroundings: StageSurroundings): CompiledStep {
  const render = stageTemplate(patch.template, surroundings);
  // Pods and nodes have lists that are merged by their keys.
  const usual = kind === 'Pod' || kind === 'Node' ? 'strategic' : 'merge';
  const type = (patch.type ?? usual) as PatchType; // read from the list of types
  return (object) => [{ does: 'patch', type, body: rooted(patch.root, type, render(object)), ...common(patch) }];
}

function applyStep(apply: StagePatch, surroundings: StageSurroundings): CompiledStep {
  const render = stageTemplate(apply.template, surroundings);
  const type = (apply.type ?? 'apply') as 'apply' | 'merge' | 'strategic'; // read from the list of types
  return (source) => {
    const made = render(source);
    if (typeof made !== 'object' || made === null || !('kind' in made) || !('apiVersion' in made))
      throw new TemplateError('what is applied needs apiVersion and kind');
    return [{ does: 'apply', type, object: made as ClusterObject, ...common(apply) }]; // the API server checks the rest
  };
}

/** Compiles a step: its event, its finalizers, and what it patches, applies or deletes. */
export function compiledStep(step: StageStep, kind: string, surroundings: StageSurroundings): CompiledStep {
  const { event, finalizers } = step;
  const patch = step.patch && patchStep(step.patch, kind, surroundings);
  const apply = step.apply && applyStep(step.apply, surroundings);
  return (object) => {
    const changes = finalizers ? finalizerChanges(object.metadata.finalizers ?? [], finalizers) : [];
    return [
      ...(event ? [{ does: 'event', event } as const] : []),
      ...(changes.length > 0 ? [{ does: 'patch', type: 'json', body: changes } as const] : []),
      ...(step.delete ? [{ does: 'delete' } as const] : [...(patch?.(object) ?? []), ...(apply?.(object) ?? [])]),
    ];
  };
}

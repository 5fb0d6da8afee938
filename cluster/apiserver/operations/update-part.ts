import type { ClusterObject } from '../../client.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext, Written } from '../store/write-request.ts';

interface Container {
  readonly name: string;
  resources?: unknown;
}

interface Parts {
  spec?: { containers?: Container[]; ephemeralContainers?: unknown };
  status?: { conditions?: unknown };
}

type Take = (current: Parts, wanted: Parts) => void;

/** Subresources that may change one part of an object which the main endpoint may not: what each takes. */
const takes: Readonly<Record<string, Take>> = {
  ephemeralcontainers: ({ spec }, wanted) => {
    if (spec) spec.ephemeralContainers = wanted.spec?.ephemeralContainers;
  },
  resize: ({ spec }, wanted) => {
    for (const container of spec?.containers ?? []) {
      const same = wanted.spec?.containers?.find((other) => other.name === container.name);
      if (same?.resources !== undefined) container.resources = same.resources;
    }
  },
  approval: (current, wanted) => {
    current.status = { ...current.status, conditions: wanted.status?.conditions ?? [] };
  },
};

export function isPart(subresource: string): boolean {
  return subresource in takes;
}

/** Takes the subresource's part of what `change` makes of the object, and leaves the rest as it is. */
export function updatePart(
  deps: StoreDeps,
  target: Target,
  request: { context: WriteContext; change(current: ClusterObject): ClusterObject },
): Promise<Written> {
  return updateObject(deps, target, {
    context: request.context,
    mode: 'part',
    change: (current) => {
      const wanted = request.change(structuredClone(current));
      takes[target.subresource ?? '']?.(current as Parts, wanted as Parts); // both have the shape of the kind
      const { uid, resourceVersion } = wanted.metadata;
      Object.assign(current.metadata, { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) });
      return current;
    },
  });
}

import { useQueries } from '@tanstack/react-query';
import { api } from './api.ts';
import { usePlace } from '../place/use-place.ts';

/** A right one may have or lack. Where it is not said, the place is the current one. */
export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly workspace?: string;
  readonly namespace?: string;
}

/** `reason` says in words what granted it, or what is missing. Not allowed while nothing is known yet. */
export interface Verdict {
  readonly allowed: boolean;
  readonly known: boolean;
  readonly reason: string;
  /** What was asked, with its place. */
  readonly asked?: Permission;
}

type Answer = { allowed: boolean; reason?: string };
type Waiting = { review: Permission; resolve: (answer: Answer) => void; reject: (error: unknown) => void };

/** Reviews asked for in the same turn travel in one request. */
class ReviewBatch {
  #waiting: Waiting[] = [];

  ask(review: Permission): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) queueMicrotask(() => void this.#flush());
      this.#waiting.push({ review, resolve, reject });
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const { object } = await api.post<{ items: Answer[] }>('/kapis/iam.freehold.io/v1alpha1/accessreviews', {
        items: batch.map(({ review }) => review),
      });
      batch.forEach(({ resolve }, index) => resolve(object.items[index] ?? { allowed: false }));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

const reviews = new ReviewBatch();

/** May the signed-in user do this in the current place? Answers keep the order of the questions. */
export function useCanAll(permissions: readonly Permission[]): readonly Verdict[] {
  const { workspace, project } = usePlace();
  const asked = permissions.map((permission): Permission => ({ workspace, namespace: project, ...permission }));
  const answers = useQueries({
    queries: asked.map((review) => ({
      queryKey: ['can', review],
      queryFn: () => reviews.ask(review),
      staleTime: 30_000,
    })),
  });
  return answers.map(({ data }, index) => ({
    allowed: data?.allowed ?? false,
    known: data !== undefined,
    reason: data?.reason ?? '',
    asked: asked[index],
  }));
}

/** May the signed-in user do this in the current place? */
export function useCan(permission: Permission): Verdict {
  return useCanAll([permission])[0] ?? { allowed: false, known: false, reason: '' };
}

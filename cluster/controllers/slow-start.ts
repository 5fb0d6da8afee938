/**
 * Does `count` things in batches of 1, 2, 4, …, so that one that always fails is tried a few times only. Answers how
 * many succeeded and the first failure; things not tried because of it count as neither.
 */
export async function slowStart(count: number, act: () => Promise<void>): Promise<{ done: number; failure?: unknown }> {
  let done = 0;
  for (let batch = 1; done < count; batch *= 2) {
    const results = await Promise.allSettled(Array.from({ length: Math.min(batch, count - done) }, act));
    done += results.filter(({ status }) => status === 'fulfilled').length;
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) return { done, failure: failed.reason };
  }
  return { done };
}

/** What a failure says, for events and conditions. */
export function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

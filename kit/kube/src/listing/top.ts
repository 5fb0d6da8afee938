type Compare<T> = (left: T, right: T) => number;

/** Moves the last entry of a heap up to where it belongs; the worst entry stands first. */
function siftUp<T>(heap: T[], compare: Compare<T>): void {
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (compare(heap[index] as T, heap[parent] as T) <= 0) return; // cast: both indices are inside the heap
    [heap[index], heap[parent]] = [heap[parent] as T, heap[index] as T]; // cast: both indices are inside the heap
    index = parent;
  }
}

function siftDown<T>(heap: T[], compare: Compare<T>): void {
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const worst = right < heap.length && compare(heap[right] as T, heap[left] as T) > 0 ? right : left; // cast: checked above
    if (compare(heap[worst] as T, heap[index] as T) <= 0) return; // cast: both indices are inside the heap
    [heap[index], heap[worst]] = [heap[worst] as T, heap[index] as T]; // cast: both indices are inside the heap
    index = worst;
  }
}

/**
 * The first `count` of `items` in the order of `compare`, sorted. Costs one comparison an item for a small `count`:
 * the first page of 50,000 rows does not sort 50,000 rows.
 */
export function firstInOrder<T>(items: readonly T[], count: number, compare: Compare<T>): T[] {
  if (count <= 0) return [];
  if (count * 4 >= items.length) return [...items].sort(compare).slice(0, count);
  const heap: T[] = [];
  for (const item of items) {
    const worst = heap[0];
    if (heap.length < count || worst === undefined) {
      heap.push(item);
      siftUp(heap, compare);
    } else if (compare(item, worst) < 0) {
      heap[0] = item;
      siftDown(heap, compare);
    }
  }
  return heap.sort(compare);
}

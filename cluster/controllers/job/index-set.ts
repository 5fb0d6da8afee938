/** `0,2-4,7` as the numbers it names. */
export function parseIndexes(text = ''): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [from = '', to = from] = part.split('-');
    if (from !== '') for (let index = Number(from); index <= Number(to); index++) found.add(index);
  }
  return found;
}

/** Numbers as the shortest such text: runs of three and more, and of two, are written as ranges. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const runs: [first: number, last: number][] = [];
  for (const index of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs
    .map(([first, last]) => (first === last ? String(first) : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',');
}

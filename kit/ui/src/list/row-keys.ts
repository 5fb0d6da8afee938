import { useState } from 'react';
import { useWindowEvent } from '@mantine/hooks';

interface Options {
  readonly count: number;
  readonly onFilter: () => void;
  readonly onOpen: (index: number) => void;
  readonly onPeek: (index: number) => void;
  readonly onSelect: (index: number) => void;
  readonly more: readonly { key: string; run: (index: number) => void }[];
}

const typing = 'textarea, select, [contenteditable=true], [role=menu], [role=listbox], input:not([type=checkbox])';
const pressing = 'a, button, input';

/** True where a key belongs to what has the focus: a field, an editor, a button, or an open dialog. */
function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('[role=dialog][aria-modal=true]')) return true;
  const focused = event.target instanceof HTMLElement ? event.target : undefined;
  const taken = event.key === 'Enter' || event.key === ' ' ? `${typing}, ${pressing}` : typing;
  return Boolean(focused?.closest(taken));
}

/** The keys of a list: j k x Enter Space / and the page's own. Gives the index of the current row, -1 for none. */
export function useRowKeys({
  count,
  onFilter,
  onOpen,
  onPeek,
  onSelect,
  more,
}: Options): [number, (index: number) => void] {
  const [index, setIndex] = useState(-1);
  const current = Math.min(index, count - 1);
  const actions: Record<string, () => void> = {
    '/': onFilter,
    j: () => setIndex(Math.min(current + 1, count - 1)),
    k: () => setIndex(Math.max(current - 1, 0)),
  };
  if (current >= 0) {
    Object.assign(actions, { Enter: () => onOpen(current), ' ': () => onPeek(current), x: () => onSelect(current) });
    for (const { key, run } of more) actions[key] = () => run(current);
  }
  useWindowEvent('keydown', (event) => {
    const action = actions[event.key];
    if (!action || belongsElsewhere(event)) return;
    event.preventDefault();
    action();
  });
  return [current, setIndex];
}

import { useState } from 'react';

/** The keys of the selected rows, kept while pages and filters change. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
  readonly set: (keys: readonly string[], isSelected: boolean) => void;
  readonly clear: () => void;
}

/** State of a table's selection. */
export function useSelection(): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const set = (changed: readonly string[], isSelected: boolean) => {
    setKeys((old) => {
      const next = new Set(old);
      for (const key of changed) {
        if (isSelected) next.add(key);
        else next.delete(key);
      }
      return next;
    });
  };
  return { keys, set, toggle: (key) => set([key], !keys.has(key)), clear: () => setKeys(new Set()) };
}

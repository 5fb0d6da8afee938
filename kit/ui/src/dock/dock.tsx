import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { ActionIcon } from '@mantine/core';
import { Icon, type IconName } from '../icons/icon.tsx';
import { useUiText } from '../text/ui-text.ts';
import classes from './dock.module.css';

/** Something that goes on while one looks elsewhere: a log, a terminal, a task. */
export interface DockItem {
  /** Opening an id again brings it to the front. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly content: ReactNode;
}

export interface Dock {
  readonly open: (item: DockItem) => void;
  readonly close: (id: string) => void;
}

const DockContext = createContext<Dock | undefined>(undefined);

/** Opens and closes what lives at the bottom of the console. */
export function useDock(): Dock {
  const dock = use(DockContext);
  if (!dock) throw new Error('useDock needs a DockProvider above it');
  return dock;
}

/** Holds the dock below the page; its content survives navigation. */
export function DockProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<readonly DockItem[]>([]);
  const [front, setFront] = useState<string>();
  const [isFolded, setFolded] = useState(false);
  const dock = useMemo<Dock>(
    () => ({
      open: (item) => {
        setItems((old) => (old.some(({ id }) => id === item.id) ? old : [...old, item]));
        setFront(item.id);
        setFolded(false);
      },
      close: (id) => setItems((old) => old.filter((item) => item.id !== id)),
    }),
    [],
  );
  const current = items.find(({ id }) => id === front) ?? items.at(-1);
  return (
    <DockContext value={dock}>
      {children}
      {current && (
        <DockPanel
          items={items}
          current={current}
          isFolded={isFolded}
          onFold={() => setFolded(!isFolded)}
          onFront={setFront}
          onClose={dock.close}
        />
      )}
    </DockContext>
  );
}

interface DockPanelProps {
  readonly items: readonly DockItem[];
  readonly current: DockItem;
  readonly isFolded: boolean;
  readonly onFold: () => void;
  readonly onFront: (id: string) => void;
  readonly onClose: (id: string) => void;
}

function DockPanel({ items, current, isFolded, onFold, onFront, onClose }: DockPanelProps) {
  const t = useUiText();
  return (
    <section className={classes.dock} aria-label={t('dock.label')} data-folded={isFolded || undefined}>
      <div className={classes.bar}>
        {items.map(({ id, title, icon }) => (
          <span key={id} className={classes.tab} data-current={id === current.id || undefined}>
            <button type="button" aria-pressed={id === current.id} onClick={() => onFront(id)}>
              <Icon name={icon} size={14} /> {title}
            </button>
            <button type="button" aria-label={t('dock.close', { title })} onClick={() => onClose(id)}>
              <Icon name="x" size={12} />
            </button>
          </span>
        ))}
        <ActionIcon
          className={classes.fold}
          variant="subtle"
          aria-label={t(isFolded ? 'dock.unfold' : 'dock.fold')}
          onClick={onFold}
        >
          <Icon name={isFolded ? 'chevron-up' : 'chevron-down'} />
        </ActionIcon>
      </div>
      {items.map(({ id, content }) => (
        <div key={id} className={classes.content} hidden={isFolded || id !== current.id}>
          {content}
        </div>
      ))}
    </section>
  );
}

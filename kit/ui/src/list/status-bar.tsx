import { StatusShape } from '../status/status-mark.tsx';
import { useUiText } from '../text/ui-text.ts';
import { useNumber } from '../text/use-number.ts';
import type { StatusCount } from './column.ts';
import type { ListControl } from './list-state.ts';
import classes from './data-table.module.css';

/** How many are in which state; a click shows only those, another click all. */
export function StatusBar({ counts, control }: { counts: readonly StatusCount[]; control: ListControl }) {
  const t = useUiText();
  const number = useNumber();
  if (counts.length === 0) return null;
  return (
    <div role="group" aria-label={t('list.counts')} className={classes.counts}>
      {counts.map(({ value, label, tone, count, token = 'status' }) => {
        const isChosen = control.view.tokens[token] === value;
        return (
          <button
            key={value}
            type="button"
            className={classes.count}
            aria-pressed={isChosen}
            onClick={() => control.setToken(token, isChosen ? undefined : value)}
          >
            <StatusShape tone={tone} />
            {label} <b>{number(count)}</b>
          </button>
        );
      })}
    </div>
  );
}

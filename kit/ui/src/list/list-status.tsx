import { useUiText } from '../text/ui-text.ts';
import { useClockTime } from '../text/use-clock-time.ts';
import type { ListResult } from './use-list.ts';
import classes from './data-table.module.css';

interface ListStatusProps<Row> {
  readonly list: ListResult<Row>;
  readonly added: number;
  readonly gone: number;
  readonly onShow: () => void;
}

/** What waits until the list is left alone, and whether the rows are still true. */
export function ListStatus<Row>({ list, added, gone, onShow }: ListStatusProps<Row>) {
  const t = useUiText();
  const time = useClockTime();
  const waiting = [added > 0 && t('list.added', { count: added }), gone > 0 && t('list.gone', { count: gone })].filter(
    Boolean,
  );
  const isOld = list.error !== null || list.connection === 'lost';
  return (
    <div role="status" aria-live="polite">
      {isOld && <span className={classes.lost}>{t('list.lost', { time: time(list.asOf) })}</span>}
      {!isOld && waiting.length > 0 && (
        <button type="button" className={classes.pill} onClick={onShow}>
          <span>{waiting.join(', ')}</span>
          <b>{t('list.show')}</b>
        </button>
      )}
    </div>
  );
}

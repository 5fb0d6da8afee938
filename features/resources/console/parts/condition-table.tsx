import { Time } from '@kit/ui';
import type { Condition } from '../../rules/workload-types.ts';
import { useText } from '../text.ts';
import classes from './parts.module.css';

const words = { True: 'condition.true', False: 'condition.false', Unknown: 'condition.unknown' } as const;

/** What the controllers say about an object. */
export function ConditionTable({ conditions }: { conditions: readonly Condition[] }) {
  const t = useText();
  return (
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={t('conditions')}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('column.type')}</th>
            <th scope="col">{t('column.status')}</th>
            <th scope="col">{t('column.reason')}</th>
            <th scope="col">{t('column.message')}</th>
            <th scope="col">{t('column.since')}</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map(({ type, status, reason, message, lastTransitionTime }) => (
            <tr key={type}>
              <td>{type}</td>
              <td>
                {t(words[status as keyof typeof words] ?? 'condition.unknown') /* any other text means unknown */}
              </td>
              <td>{reason}</td>
              <td>{message}</td>
              <td>{lastTransitionTime && <Time at={lastTransitionTime} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

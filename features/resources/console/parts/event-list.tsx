import { Link, StatusShape, Time, useProject } from '@kit/ui';
import { lastSeen, timesSeen } from '../../rules/event-times.ts';
import type { ClusterEvent } from '../../rules/workload-types.ts';
import { pageOf } from '../api/links.ts';
import { useText } from '../text.ts';
import classes from './parts.module.css';

/** The object an event is about, as a link where it has a page. */
export function EventObject({ event }: { event: ClusterEvent }) {
  const at = useProject();
  const { kind = '', name = '' } = event.involvedObject ?? {};
  const href = pageOf(at, kind, name);
  const text = `${kind} ${name}`;
  return href ? <Link href={href}>{text}</Link> : <span>{text}</span>;
}

/** Events as sentences, the newest first. */
export function EventList({ events, withObject = true }: { events: readonly ClusterEvent[]; withObject?: boolean }) {
  const t = useText();
  if (events.length === 0) return <p className={classes['quiet']}>{t('events.none')}</p>;
  return (
    <ol className={classes['plain']}>
      {events.map((event) => (
        <li key={event.metadata.uid ?? event.metadata.name} className={classes['event']}>
          <StatusShape tone={event.type === 'Warning' ? 'warning' : 'idle'} />
          <div className={classes['eventText']}>
            <b>{event.reason}</b> {withObject && <EventObject event={event} />} <span>{event.message}</span>{' '}
            {timesSeen(event) > 1 && <span className="fh-soft">{t('events.times', { count: timesSeen(event) })}</span>}
          </div>
          <span className={classes['eventWhen']}>
            <Time at={lastSeen(event)} />
          </span>
        </li>
      ))}
    </ol>
  );
}

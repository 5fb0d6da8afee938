import { useEffect, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { LogLine } from '../../rules/log-lines.ts';
import classes from './logs.module.css';

interface LogLinesViewProps {
  readonly lines: readonly LogLine[];
  readonly label: string;
  readonly wrap: boolean;
  readonly withTime: boolean;
  /** Keeps the newest line in sight. */
  readonly follow: boolean;
  /** The reader has scrolled away from the end, or back to it. */
  readonly onFollow: (follow: boolean) => void;
  readonly highlight: string;
}

const lineHeight = 18;
const nearEnd = 40;

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** The reader's own time of day, to the millisecond. */
function timeText(time: string): string {
  return clock.format(Date.parse(time));
}

function Highlighted({ text, word }: { text: string; word: string }) {
  const at = word === '' ? -1 : text.toLowerCase().indexOf(word.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className={classes['mark']}>{text.slice(at, at + word.length)}</mark>
      {text.slice(at + word.length)}
    </>
  );
}

/** The lines of a log; only those in sight are drawn. */
export function LogLinesView({ lines, label, wrap, withTime, follow, onFollow, highlight }: LogLinesViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer is used in this component only, which is not memoised
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 30,
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, lines.length, virtual]);
  const onScroll = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = scroller.current ?? {};
    const isAtEnd = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (isAtEnd !== follow && !virtual.isScrolling) onFollow(isAtEnd);
  };
  return (
    <div
      ref={scroller}
      className={classes['lines']}
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      onScroll={onScroll}
    >
      <div className={classes['all']} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index];
          if (!line) return null;
          return (
            <div
              key={key}
              data-index={index}
              ref={wrap ? virtual.measureElement : undefined}
              className={classes['line']}
              data-level={line.level}
              data-wrap={wrap || undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              {withTime && line.time !== '' && <time className={classes['time']}>{timeText(line.time)}</time>}
              <span>
                <Highlighted text={line.text} word={highlight} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

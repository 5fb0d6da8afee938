import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { relativeTime } from '../text/relative-time.ts';

/** Now, as often as an age in these units changes. */
function useNow(isRecent: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), isRecent ? 10_000 : 60_000);
    return () => clearInterval(timer);
  }, [isRecent]);
  return now;
}

/** A moment as people say it, with the exact time on hover. */
export function Time({ at }: { at: string | undefined }) {
  const { i18n } = useTranslation();
  const moment = at ? Date.parse(at) : Number.NaN;
  const [drawnAt] = useState(() => Date.now());
  const now = Math.max(useNow(drawnAt - moment < 120_000), drawnAt);
  const age = now - moment;
  if (Number.isNaN(moment)) return null;
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'long' }).format(moment);
  return (
    <time dateTime={at} title={exact}>
      {relativeTime(age, i18n.language)}
    </time>
  );
}

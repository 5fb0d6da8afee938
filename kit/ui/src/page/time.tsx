import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { relativeTime } from '../text/relative-time.ts';

function refreshMs(ageMs: number): number {
  return Math.abs(ageMs) < 120_000 ? 10_000 : 60_000;
}

/** A moment as people say it, with the exact time on hover. */
export function Time({ at }: { at: string | undefined }) {
  const { i18n } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  const moment = at ? Date.parse(at) : Number.NaN;
  const age = now - moment;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), refreshMs(age));
    return () => clearInterval(timer);
  }, [refreshMs(age)]);
  if (Number.isNaN(moment)) return null;
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'long' }).format(moment);
  return (
    <time dateTime={at} title={exact}>
      {relativeTime(age, i18n.language)}
    </time>
  );
}

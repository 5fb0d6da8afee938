import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Writes the time of day of a moment, to the second. */
export function useClockTime(): (atMs: number) => string {
  const { i18n } = useTranslation();
  return useCallback(
    (atMs) => new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' }).format(atMs),
    [i18n.language],
  );
}

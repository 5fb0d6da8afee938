import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Writes a number in the form of the user's language. */
export function useNumber(): (value: number) => string {
  const { i18n } = useTranslation();
  return useCallback((value) => new Intl.NumberFormat(i18n.language).format(value), [i18n.language]);
}

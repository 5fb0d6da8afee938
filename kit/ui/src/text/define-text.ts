import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Messages, Translate } from './messages.ts';

/**
 * Makes the hook with which a feature's components get their texts. The type parameter is the type of its English
 * messages, so an unknown key does not compile: `export const useText = defineText<typeof messages>('iam')`.
 */
export function defineText<M extends Messages>(feature: string): () => Translate<M> {
  return function useText() {
    const { t } = useTranslation(feature);
    return useCallback<Translate<M>>((key, values) => t(key, { ...values }), [t]);
  };
}

import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cause } from '../../rules/cause.ts';
import { formatBytes, formatResource } from '../../rules/quantity.ts';
import { readSchedulingAnswer } from '../../rules/scheduling-answer.ts';
import { useText } from '../text.ts';

/** Values of a cause as people read them: quantities in the manner of their resource. */
function readable({ params }: Cause): Cause['params'] {
  const resource = String(params['resource'] ?? '');
  const entries = Object.entries(params).map(([key, value]) => {
    if (['asked', 'used', 'limit'].includes(key) && resource !== '')
      return [key, formatResource(resource, String(value))];
    return [key, key === 'limit' ? formatBytes(String(value)) : value];
  });
  return Object.fromEntries(entries) as Cause['params']; // the same keys with text or numbers
}

/** Says a cause in one sentence of the user's language. */
export function useCauseText(): (cause: Cause) => string {
  const t = useText();
  const { i18n } = useTranslation();
  return useCallback(
    (cause) => {
      if (cause.code === 'containerOom' && !cause.params['limit']) return t('cause.containerOom.noLimit', cause.params);
      const answer = cause.code === 'unschedulable' ? readSchedulingAnswer(cause.answer ?? '') : undefined;
      if (answer && answer.refusals.length > 0) {
        const list = answer.refusals.map(({ ground, nodes, subject }) =>
          t(`refusal.${ground}`, { count: nodes, subject }),
        );
        return t('cause.unschedulable.nodes', {
          count: answer.nodes,
          refusals: new Intl.ListFormat(i18n.language).format(list),
        });
      }
      return t(`cause.${cause.code}`, readable(cause));
    },
    [t, i18n.language],
  );
}

import { isRequestError } from '../api/request-error.ts';
import { Problem } from '../page/problem.tsx';
import { useUiText } from '../text/ui-text.ts';

/** Why a form was not accepted, for what belongs to no field of it. */
export function FormError({ error }: { error: unknown }) {
  const t = useUiText();
  const message = error instanceof Error ? error.message : String(error);
  const id = isRequestError(error) && error.status >= 500 ? error.requestId : undefined;
  return (
    <Problem tone="bad" title={t('form.failed')} text={id ? `${message} (${t('error.requestId')}: ${id})` : message} />
  );
}

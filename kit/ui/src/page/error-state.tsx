import { Button } from '@mantine/core';
import { isRequestError } from '../api/request-error.ts';
import { Icon } from '../icons/icon.tsx';
import { useUiText } from '../text/ui-text.ts';
import { Facts } from './facts.tsx';
import { ForbiddenState } from './forbidden-state.tsx';
import classes from './page.module.css';

/** A part that could not be loaded: what the server answered, what to do; request and id on demand. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useUiText();
  if (isRequestError(error) && error.status === 403) return <ForbiddenState right={error.message} />;
  const words = wordsFor(error);
  return (
    <div className={classes.state} role="alert">
      <h2 className={classes.stateTitle}>
        <Icon name="alert-triangle" /> {t(words.title)}
      </h2>
      {!isRequestError(error, 'Offline') && (
        <p className={classes.stateText}>{error instanceof Error ? error.message : String(error)}</p>
      )}
      <p className={classes.stateText}>{t(words.next)}</p>
      {onRetry && <Button onClick={onRetry}>{t('error.retry')}</Button>}
      {isRequestError(error) && (
        <details className={classes.details}>
          <summary>{t('error.details')}</summary>
          <Facts
            items={[
              { label: t('error.tried'), value: <code>{error.tried}</code> },
              { label: t('error.answer'), value: `${error.status || ''} ${error.reason}` },
              { label: t('error.requestId'), value: error.requestId && <code>{error.requestId}</code> },
            ]}
          />
        </details>
      )}
    </div>
  );
}

function wordsFor(error: unknown) {
  if (isRequestError(error, 'Offline')) return { title: 'error.offline', next: 'error.offline.next' } as const;
  if (isRequestError(error) && error.status === 404)
    return { title: 'error.notFound', next: 'error.notFound.next' } as const;
  return { title: 'error.title', next: 'error.server.next' } as const;
}

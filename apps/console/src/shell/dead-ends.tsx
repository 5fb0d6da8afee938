import { api, EmptyState, isRequestError, ErrorState, Link, Loading, Page, Problem, to, toast } from '@kit/ui';
import { Button } from '@mantine/core';
import { useShellText } from '../text.ts';
import classes from './shell.module.css';

/** A page whose code is on its way. */
export function PendingPage() {
  return (
    <div className={classes.pending}>
      <Loading rows={6} />
    </div>
  );
}

/** An address that no page has. */
export function UnknownPage() {
  const t = useShellText();
  return (
    <Page title={t('unknownPage')}>
      <EmptyState title={t('unknownPage.next')} action={<Link href={to.platform('')}>{t('workbench')}</Link>} />
    </Page>
  );
}

/** A page whose code could not be had; the document is loaded anew only when there is a server to load it from. */
function UnreachablePage({ error }: { error: unknown }) {
  const reload = () =>
    void api.get('/session').then(
      () => window.location.reload(),
      (failure: unknown) => toast.failed(failure),
    );
  return (
    <div className={classes.pending}>
      <ErrorState error={error} onRetry={reload} />
    </div>
  );
}

/** A page that threw: the rest of the console goes on. */
export function CrashedPage({ error }: { error: unknown }) {
  const t = useShellText();
  if (isRequestError(error)) return <UnreachablePage error={error} />;
  return (
    <Page title={t('error.crashed')}>
      <Problem
        tone="bad"
        title={t('error.crashed.next')}
        text={error instanceof Error ? error.message : String(error)}
        actions={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
      />
    </Page>
  );
}

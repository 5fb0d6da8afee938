import { useUiText } from '../text/ui-text.ts';
import classes from './page.module.css';

/** A skeleton for what is not known yet; invisible for its first 150 ms. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const t = useUiText();
  return (
    <div className={classes.loading} role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={classes.bar} />
      ))}
    </div>
  );
}

import { Icon } from '../icons/icon.tsx';
import { usePlace } from '../place/use-place.ts';
import { useUiText } from '../text/ui-text.ts';
import classes from './page.module.css';

/** The right to see this is missing: which one, and who can grant it. */
export function ForbiddenState({ right }: { right?: string }) {
  const t = useUiText();
  const { place, workspace = '', project = '' } = usePlace();
  return (
    <div className={classes.state} role="alert">
      <h2 className={classes.stateTitle}>
        <Icon name="lock" /> {t('forbidden.title')}
      </h2>
      {right && <p className={classes.stateText}>{t('forbidden.answer', { message: right })}</p>}
      <p className={classes.stateText}>{t(`forbidden.who.${place}`, { workspace, project })}</p>
    </div>
  );
}

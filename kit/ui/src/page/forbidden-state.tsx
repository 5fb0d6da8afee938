import { Button } from '@mantine/core';
import { Icon } from '../icons/icon.tsx';
import { usePlace } from '../place/use-place.ts';
import { useWhyNot } from '../shell/why-not.ts';
import { useUiText } from '../text/ui-text.ts';
import { missingRight } from './missing-right.ts';
import classes from './page.module.css';

/** The right to see this is missing: which one, and who can grant it. */
export function ForbiddenState({ right }: { right?: string }) {
  const t = useUiText();
  const { place: level, workspace = '', project = '' } = usePlace();
  const whyNot = useWhyNot();
  const asked = missingRight(right);
  const place = project ? { workspace, namespace: project } : workspace ? { workspace } : {};
  return (
    <div className={classes.state} role="alert">
      <h2 className={classes.stateTitle}>
        <Icon name="lock" /> {t('forbidden.title')}
      </h2>
      {right && <p className={classes.stateText}>{t('forbidden.answer', { message: right })}</p>}
      <p className={classes.stateText}>{t(`forbidden.who.${level}`, { workspace, project })}</p>
      {whyNot && asked && (
        <Button onClick={() => whyNot({ asked: { ...place, ...asked }, action: t('forbidden.see') })}>
          {t('forbidden.ask')}
        </Button>
      )}
    </div>
  );
}

import type { ReactNode } from 'react';
import { Problem, type Tone } from '@kit/ui';
import type { Cause } from '../../rules/cause.ts';
import { useText } from '../text.ts';
import classes from './parts.module.css';
import { useCauseText } from './use-cause-text.ts';

function toneOf({ passing, recovered }: Cause): Tone {
  if (passing) return 'busy';
  return recovered ? 'warning' : 'bad';
}

/** Names of pods, a long list shortened. */
function PodNames({ pods }: { pods: readonly string[] }) {
  const t = useText();
  const [first, ...rest] = pods;
  if (first === undefined) return null;
  return (
    <div className={classes['causePods']} title={pods.join('\n')}>
      {rest.length === 0 ? first : t('cause.podsMore', { first, count: rest.length })}
    </div>
  );
}

interface CauseBannerProps {
  readonly cause: Cause;
  /** The next steps, as buttons. */
  readonly actions?: ReactNode;
  /** False where the page is the pod's own. */
  readonly withPods?: boolean;
}

/** Why something does not run: the sentence, what the system itself said, whom it concerns, what to do. */
export function CauseBanner({ cause, actions, withPods = true }: CauseBannerProps) {
  const t = useText();
  const sentence = useCauseText()(cause);
  const restarts = Number(cause.params['restarts'] ?? 0);
  const text = (
    <>
      {restarts > 0 && <div>{t('cause.restarts', { count: restarts })}</div>}
      {cause.answer && cause.code !== 'unschedulable' && (
        <div className={classes['causeAnswer']}>{t('cause.answer', { answer: cause.answer })}</div>
      )}
      {withPods && <PodNames pods={cause.pods} />}
    </>
  );
  return (
    <Problem
      tone={toneOf(cause)}
      title={cause.recovered ? t('cause.recovered', { sentence }) : sentence}
      text={text}
      actions={actions}
    />
  );
}

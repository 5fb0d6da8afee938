import { ActionButton, useCan, useSearch } from '@kit/ui';
import type { Cause, NextStep } from '../../rules/cause.ts';
import { kinds } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { useText } from '../text.ts';

/** What a page can do for each step; a step it cannot do is not offered. */
export type StepRunners = Partial<Record<NextStep, (cause: Cause) => void>>;

/** The steps that change the deployment; the others only show. */
const writing: ReadonlySet<NextStep> = new Set(['editImage', 'scale']);

/** The steps that only lead to another tab of the same page. */
export function useTabSteps(): StepRunners {
  const [, setSearch] = useSearch();
  const go = (tab: string) => () => setSearch({ tab });
  return { events: go('events'), openPods: go('pods'), editYaml: go('yaml'), rollBack: go('revisions') };
}

/** A cause's next steps as buttons; what is on its way needs nobody. */
export function CauseSteps({ cause, runners }: { cause: Cause; runners: StepRunners }) {
  const t = useText();
  const mayWrite = useCan(right('patch', kinds.deployment));
  if (cause.passing) return null;
  return (
    <>
      {cause.steps.map((step) => {
        const run = runners[step];
        const verdict = writing.has(step) ? mayWrite : undefined;
        return (
          run && <ActionButton key={step} label={t(`action.${step}`)} verdict={verdict} onClick={() => run(cause)} />
        );
      })}
    </>
  );
}

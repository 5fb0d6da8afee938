import { Link, StatusShape, useProject } from '@kit/ui';
import { podStatus } from '../../contract/pod-status.ts';
import { podSummary } from '../../rules/pod-summary.ts';
import type { Pod } from '../../rules/workload-types.ts';
import { pageOf } from '../api/links.ts';
import { useText } from '../text.ts';
import classes from './parts.module.css';
import { usePodWord } from './pod-state-mark.tsx';
import { toneOfState } from './state-mark.tsx';

function PodChip({ pod, owner }: { pod: Pod; owner: string }) {
  const t = useText();
  const at = useProject();
  const href = pageOf(at, 'Pod', pod.metadata.name);
  const { restarts } = podSummary(pod);
  const { state } = podStatus(pod);
  const short = pod.metadata.name.startsWith(`${owner}-`)
    ? pod.metadata.name.slice(owner.length + 1)
    : pod.metadata.name;
  const word = usePodWord()(pod);
  if (!href) return null;
  return (
    <li title={`${pod.metadata.name}\n${word}${pod.spec?.nodeName ? `\n${pod.spec.nodeName}` : ''}`}>
      <Link href={href} className={classes['podChip']}>
        <StatusShape tone={toneOfState[state]} />
        <span>{short}</span>
        <small className={state === 'running' ? 'fh-visually-hidden' : undefined}>{word}</small>
        {restarts > 0 && <small>{t('pod.restarts', { count: restarts })}</small>}
      </Link>
    </li>
  );
}

/** A workload's pods side by side, each with its state; a click leads to it. */
export function PodRow({ pods, owner }: { pods: readonly Pod[]; owner: string }) {
  const t = useText();
  if (pods.length === 0) return <p className={classes['quiet']}>{t('deployment.noPods')}</p>;
  return (
    <ul className={classes['podRow']}>
      {pods.map((pod) => (
        <PodChip key={pod.metadata.uid ?? pod.metadata.name} pod={pod} owner={owner} />
      ))}
    </ul>
  );
}

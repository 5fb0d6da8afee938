import { Link, Time, useProject } from '@kit/ui';
import { podSummary } from '../../rules/pod-summary.ts';
import type { Pod } from '../../rules/workload-types.ts';
import { pageOf } from '../api/links.ts';
import { useText } from '../text.ts';
import { PodStateMark } from './pod-state-mark.tsx';
import classes from './parts.module.css';

/** The pods of one workload, with what one compares them by. */
export function PodTable({ pods }: { pods: readonly Pod[] }) {
  const t = useText();
  if (pods.length === 0) return <p className={classes['quiet']}>{t('deployment.noPods')}</p>;
  return (
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={t('tab.pods')}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('column.name')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col" className={classes['end']}>
              {t('column.ready')}
            </th>
            <th scope="col" className={classes['end']}>
              {t('column.restarts')}
            </th>
            <th scope="col">{t('column.node')}</th>
            <th scope="col" className={classes['end']}>
              {t('column.age')}
            </th>
          </tr>
        </thead>
        <tbody>
          {pods.map((pod) => (
            <PodTableRow key={pod.metadata.uid} pod={pod} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PodTableRow({ pod }: { pod: Pod }) {
  const at = useProject();
  const { name, creationTimestamp } = pod.metadata;
  const href = pageOf(at, 'Pod', name);
  const { ready, containers, restarts } = podSummary(pod);
  return (
    <tr>
      <td>{href && <Link href={href}>{name}</Link>}</td>
      <td>
        <PodStateMark pod={pod} />
      </td>
      <td className={classes['end']}>{`${ready}/${containers}`}</td>
      <td className={classes['end']}>{restarts}</td>
      <td>{pod.spec?.nodeName}</td>
      <td className={classes['end']}>
        <Time at={creationTimestamp} />
      </td>
    </tr>
  );
}

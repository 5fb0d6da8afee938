import { Link, StatusMark, useLiveItems, useProject, type Tone } from '@kit/ui';
import type { ImportItem } from '../../contract/answers.ts';
import { deploymentStatus } from '../../contract/workload-status.ts';
import { rolloutSummary } from '../../rules/rollout-summary.ts';
import type { Deployment } from '../../rules/workload-types.ts';
import { kinds, kubeListPath } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import classes from '../parts/parts.module.css';
import { StateMark } from '../parts/state-mark.tsx';
import { useText } from '../text.ts';

type Action = ImportItem['action'];

const toneOfAction: Readonly<Record<Action, Tone>> = {
  create: 'busy',
  configure: 'warning',
  unchanged: 'idle',
  refused: 'bad',
};

function toneOf(action: Action, isDone: boolean): Tone {
  return isDone && (action === 'create' || action === 'configure') ? 'good' : toneOfAction[action];
}

/** How many documents end in each way, in words. */
export function ImportCounts({ items, isDone = false }: { items: readonly ImportItem[]; isDone?: boolean }) {
  const t = useText();
  const actions: readonly Action[] = ['refused', 'create', 'configure', 'unchanged'];
  return (
    <div className={classes['counts']} role="status">
      {actions.map((action) => {
        const count = items.filter((item) => item.action === action).length;
        return (
          count > 0 && (
            <StatusMark key={action} tone={toneOf(action, isDone)}>
              {t(
                isDone && (action === 'create' || action === 'configure')
                  ? `import.made.${action}`
                  : `import.count.${action}`,
                { count },
              )}
            </StatusMark>
          )
        );
      })}
    </div>
  );
}

/** What the server says about one document: why it refused, what it warns of, which fields would change. */
function Answer({ item: { error, warnings, changes = [] } }: { item: ImportItem }) {
  const message = typeof error?.['message'] === 'string' ? error['message'] : undefined;
  return (
    <>
      {message && <div className={classes['bad']}>{message}</div>}
      {warnings.map((warning) => (
        <div key={warning}>{warning}</div>
      ))}
      {changes.length > 0 && <code>{changes.join(', ')}</code>}
    </>
  );
}

interface RowProps {
  readonly item: ImportItem;
  readonly isDone: boolean;
  readonly deployment: Deployment | undefined;
  readonly hasAnswers: boolean;
}

function Row({ item, isDone, deployment, hasAnswers }: RowProps) {
  const t = useText();
  const at = useProject();
  const { kind, name, action, index } = item;
  const href = isDone && action !== 'refused' ? pageOf(at, kind, name) : undefined;
  const shown = name || t('import.document', { index: index + 1 });
  return (
    <tr>
      <td>{kind}</td>
      <td>{href ? <Link href={href}>{shown}</Link> : shown}</td>
      <td>
        <StatusMark tone={toneOf(action, isDone)}>
          {t(isDone ? `import.done.${action}` : `import.action.${action}`)}
        </StatusMark>
      </td>
      {isDone && (
        <td>
          {deployment && <StateMark state={deploymentStatus(deployment).state} of={rolloutSummary(deployment)} />}
        </td>
      )}
      {hasAnswers && (
        <td>
          <Answer item={item} />
        </td>
      )}
    </tr>
  );
}

interface ImportTableProps {
  readonly items: readonly ImportItem[];
  /** False for a dry run. */
  readonly isDone: boolean;
}

/** Every document of the text with what would become, or became, of it; what was made shows how it comes up. */
export function ImportTable({ items, isDone }: ImportTableProps) {
  const t = useText();
  const at = useProject();
  const deployments = useLiveItems<Deployment>({ path: kubeListPath(at, kinds.deployment), enabled: isDone });
  const hasAnswers = items.some(
    ({ error, warnings, changes = [] }) => error !== undefined || warnings.length + changes.length > 0,
  );
  const find = ({ kind, name }: ImportItem) =>
    kind === 'Deployment' ? deployments.items.find(({ metadata }) => metadata.name === name) : undefined;
  return (
    <div
      className={classes['scroll']}
      tabIndex={0}
      role="region"
      aria-label={t(isDone ? 'import.result' : 'import.plan')}
    >
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('column.kind')}</th>
            <th scope="col">{t('column.name')}</th>
            <th scope="col">{t('column.action')}</th>
            {isDone && <th scope="col">{t('column.state')}</th>}
            {hasAnswers && <th scope="col">{t('column.answer')}</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.index} item={item} isDone={isDone} deployment={find(item)} hasAnswers={hasAnswers} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

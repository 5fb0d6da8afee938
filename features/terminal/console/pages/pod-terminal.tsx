import { useCallback, useState } from 'react';
import { Button, Select } from '@mantine/core';
import { ErrorState, Loading, Page, useLiveObject, usePageParam, useProject } from '@kit/ui';
import { podShellPath } from '../../contract/index.ts';
import { Screen, type ShellState } from '../screen.tsx';
import classes from '../terminal.module.css';
import { useText } from '../text.ts';

interface Pod {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
}

const simulatedMark = 'node.cluster.local/simulated';

function StateNote({ state, onAgain }: { state: ShellState; onAgain: () => void }) {
  const t = useText();
  if (state.is !== 'closed') return <span role="status">{t(state.is)}</span>;
  return (
    <>
      <span role="status">{state.why ? t('closed.why', { why: state.why }) : t('closed')}</span>
      <Button variant="default" onClick={onAgain}>
        {t('again')}
      </Button>
    </>
  );
}

/** A choice where there is one. */
function ContainerChoice({
  names,
  value,
  onChange,
}: {
  names: readonly string[];
  value: string;
  onChange: (name: string) => void;
}) {
  const t = useText();
  if (names.length < 2) return null;
  return (
    <Select
      aria-label={t('container')}
      data={[...names]}
      value={value}
      onChange={(name) => name && name !== value && onChange(name)}
    />
  );
}

function Shell({ pod, prefix, project }: { pod: Pod; prefix: string; project: string }) {
  const t = useText();
  const names = pod.spec?.containers?.map((one) => one.name) ?? [];
  const [container, setContainer] = useState(names[0] ?? '');
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<ShellState>({ is: 'connecting' });
  const restart = useCallback(() => {
    setState({ is: 'connecting' });
    setAttempt((n) => n + 1);
  }, []);
  const choose = (name: string): void => {
    setContainer(name);
    restart();
  };
  const path = podShellPath({ namespace: project, pod: pod.metadata.name });
  return (
    <div className={classes['all']}>
      <div className={classes['tools']}>
        <ContainerChoice names={names} value={container} onChange={choose} />
        <StateNote state={state} onAgain={restart} />
      </div>
      {pod.metadata.annotations?.[simulatedMark] === 'true' && (
        <p className={classes['hint']} role="note">
          {t('simulated')}
        </p>
      )}
      <Screen
        key={`${container}/${attempt}`}
        path={`${prefix}${path}?container=${encodeURIComponent(container)}`}
        label={t('screen', { container })}
        onState={setState}
      />
      <p className={classes['hint']}>{t('leave')}</p>
    </div>
  );
}

/** A shell in a container of one pod: choose the container, type, connect again when it is over. */
export default function PodTerminalPage() {
  const t = useText();
  const { cluster, project } = useProject();
  const name = usePageParam('name');
  const prefix = cluster === 'host' ? '' : `/clusters/${encodeURIComponent(cluster)}`;
  const { object, error, refetch } = useLiveObject<Pod>({
    path: `${prefix}/api/v1/namespaces/${encodeURIComponent(project)}/pods/${encodeURIComponent(name)}`,
  });
  const problem = error ? <ErrorState error={error} onRetry={refetch} /> : <Loading rows={6} />;
  return (
    <Page title={name} sentence={t('sentence', { pod: name })}>
      {object ? <Shell pod={object} prefix={prefix} project={project} /> : problem}
    </Page>
  );
}

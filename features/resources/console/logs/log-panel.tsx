import { useState } from 'react';
import { Button, Select, Switch, TextInput } from '@mantine/core';
import { ErrorState, Icon, type ProjectPlace } from '@kit/ui';
import { isSimulated } from '../../rules/pod-summary.ts';
import type { LogLine } from '../../rules/log-lines.ts';
import type { Pod } from '../../rules/workload-types.ts';
import { kinds, kubeObjectPath } from '../api/kinds.ts';
import { useText } from '../text.ts';
import type { LogState } from './follow-log.ts';
import { LogLinesView } from './log-lines-view.tsx';
import classes from './logs.module.css';
import { useLog } from './use-log.ts';

function saveLines(lines: readonly LogLine[], name: string): void {
  const text = lines.map(({ time, text: line }) => `${time} ${line}`).join('\n');
  const url = URL.createObjectURL(new Blob([text, '\n'], { type: 'text/plain' }));
  const anchor = Object.assign(document.createElement('a'), { href: url, download: `${name}.log` });
  anchor.click();
  URL.revokeObjectURL(url);
}

function containersOf(pod: Pod): string[] {
  return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map(({ name }) => name);
}

/** On a phone, long lines are wrapped and times left out until they are asked for. */
function isNarrow(): boolean {
  return window.matchMedia('(max-width: 640px)').matches;
}

function isRunning({ status }: Pod): boolean {
  return status?.phase === 'Running';
}

/** Only a container that has ended before has a log of before. */
function hasEnded({ status }: Pod, container: string): boolean {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return statuses.some(({ name, lastState }) => name === container && lastState?.terminated !== undefined);
}

function StateNote({ state, count, onRetry }: { state: LogState; count: number; onRetry: () => void }) {
  const t = useText();
  if (typeof state === 'object') return null;
  const words = {
    loading: t('log.loading'),
    notStarted: t('log.notStarted'),
    following: count === 0 ? t('log.nothing') : t('log.following'),
    ended: t('log.ended'),
    broken: t('log.broken'),
  };
  return (
    <div className={classes['note']} role="status">
      <span>{words[state]}</span>
      <span>{t('log.count', { count })}</span>
      {state === 'ended' && (
        <Button variant="subtle" onClick={onRetry}>
          {t('log.again')}
        </Button>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** Chooses one of several; of one there is nothing to choose. */
function Choice({ label, names, value, onChange }: ChoiceProps) {
  if (names.length < 2) return null;
  return (
    <Select
      aria-label={label}
      data={[...names]}
      value={value}
      onChange={(name) => name && onChange(name)}
      w={280}
      maw="100%"
      searchable
    />
  );
}

/** The pod somebody chose, or the first that runs; held, so that the log stays when pods come and go. */
function useChosenPod(pods: readonly Pod[], first: string | undefined): [Pod | undefined, (name: string) => void] {
  const [name, setName] = useState(first);
  const pod = pods.find(({ metadata }) => metadata.name === name) ?? pods.find(isRunning) ?? pods[0];
  if (pod && name === undefined) setName(pod.metadata.name);
  return [pod, setName];
}

interface LogPanelProps {
  /** Where the pods are; said, because a panel in the dock outlives its page. */
  readonly at: ProjectPlace;
  readonly pods: readonly Pod[];
  /** The pod to begin with. */
  readonly pod?: string;
  readonly container?: string;
  readonly previous?: boolean;
  readonly inDock?: boolean;
}

/** The log of one container of one of these pods: choose, follow, search, download. */
export function LogPanel({ at, pods, inDock = false, ...start }: LogPanelProps) {
  const t = useText();
  const [pod, setPodName] = useChosenPod(pods, start.pod);
  const [containerName, setContainerName] = useState(start.container);
  const [previous, setPrevious] = useState(start.previous === true);
  if (!pod) return <p className={classes['quiet']}>{t('log.noPods')}</p>;
  const containers = containersOf(pod);
  const container = containers.find((name) => name === containerName) ?? containers[0] ?? '';
  return (
    <section className={inDock ? classes['dock'] : undefined}>
      <div className={classes['panel']} style={inDock ? { height: '100%' } : undefined}>
        <div className={classes['tools']}>
          <Choice
            label={t('kind.pod')}
            names={pods.map(({ metadata }) => metadata.name)}
            value={pod.metadata.name}
            onChange={setPodName}
          />
          <Choice label={t('container')} names={containers} value={container} onChange={setContainerName} />
          <Switch
            label={t('log.previous')}
            checked={previous}
            onChange={(event) => setPrevious(event.currentTarget.checked)}
          />
        </div>
        {isSimulated(pod) && (
          <div className={classes['simulated']} role="note">
            <Icon name="info-circle" />
            {t('log.simulated')}
          </div>
        )}
        {previous && !hasEnded(pod, container) ? (
          <p className={classes['quiet']}>{t('log.noPrevious', { container })}</p>
        ) : (
          <LogStream
            key={`${pod.metadata.uid}/${container}/${previous}`}
            at={at}
            pod={pod}
            container={container}
            previous={previous}
          />
        )}
      </div>
    </section>
  );
}

interface LogStreamProps {
  readonly at: ProjectPlace;
  readonly pod: Pod;
  readonly container: string;
  readonly previous: boolean;
}

function LogStream({ at, pod, container, previous }: LogStreamProps) {
  const t = useText();
  const [search, setSearch] = useState('');
  const [wrap, setWrap] = useState(isNarrow);
  const [withTime, setWithTime] = useState(() => !isNarrow());
  const [follow, setFollow] = useState(true);
  const log = useLog({ path: `${kubeObjectPath(at, kinds.pod, pod.metadata.name)}/log`, container, previous });
  const lines =
    search === '' ? log.lines : log.lines.filter(({ text }) => text.toLowerCase().includes(search.toLowerCase()));
  const name = `${pod.metadata.name}-${container}`;
  return (
    <>
      <div className={classes['tools']}>
        <TextInput
          className={classes['grow']}
          aria-label={t('log.search')}
          placeholder={t('log.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          leftSection={<Icon name="search" />}
        />
        <Switch label={t('log.follow')} checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
        <Switch label={t('log.wrap')} checked={wrap} onChange={(event) => setWrap(event.currentTarget.checked)} />
        <Switch
          label={t('log.times')}
          checked={withTime}
          onChange={(event) => setWithTime(event.currentTarget.checked)}
        />
        <Button
          leftSection={<Icon name="download" />}
          disabled={log.lines.length === 0}
          onClick={() => saveLines(log.lines, name)}
        >
          {t('log.download')}
        </Button>
      </div>
      {typeof log.state === 'object' ? (
        <ErrorState error={log.state.error} onRetry={log.retry} />
      ) : (
        <LogLinesView
          lines={lines}
          label={t('log.of', { name })}
          wrap={wrap}
          withTime={withTime}
          follow={follow}
          onFollow={setFollow}
          highlight={search}
        />
      )}
      <StateNote state={log.state} count={lines.length} onRetry={log.retry} />
    </>
  );
}

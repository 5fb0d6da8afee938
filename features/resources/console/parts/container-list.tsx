import type { ReactNode } from 'react';
import { Facts, Link, type Fact, StatusMark, useProject } from '@kit/ui';
import { envSource, mountLines, probeLine } from '../../rules/pod-summary.ts';
import { formatResource } from '../../rules/quantity.ts';
import type { Container, ContainerStatus, PodSpec } from '../../rules/workload-types.ts';
import { pageOf } from '../api/links.ts';
import { useText } from '../text.ts';
import classes from './parts.module.css';

function Lines({ lines }: { lines: readonly ReactNode[] }) {
  return (
    <ul className={classes['plain']}>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}

/** How a container fares right now, in the words of its status. */
function ContainerState({ status }: { status: ContainerStatus }) {
  const t = useText();
  const { waiting, terminated } = status.state ?? {};
  if (waiting)
    return (
      <StatusMark
        tone={waiting.reason === 'ContainerCreating' || waiting.reason === 'PodInitializing' ? 'busy' : 'bad'}
      >
        {t('containerState.waiting', { reason: waiting.reason ?? '' })}
      </StatusMark>
    );
  if (terminated)
    return (
      <StatusMark tone={terminated.exitCode === 0 ? 'idle' : 'bad'}>
        {t('containerState.ended', { code: terminated.exitCode })}
      </StatusMark>
    );
  return status.ready ? (
    <StatusMark tone="good">{t('containerState.ready')}</StatusMark>
  ) : (
    <StatusMark tone="busy">{t('containerState.running')}</StatusMark>
  );
}

function useResourceLines({ resources }: Container): string[] {
  const t = useText();
  const names = new Set([...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})]);
  return [...names].sort().map((name) => {
    const [request, limit] = [resources?.requests?.[name], resources?.limits?.[name]];
    const values = { request: formatResource(name, request ?? ''), limit: formatResource(name, limit ?? '') };
    const key =
      request && limit
        ? 'container.resources.range'
        : limit
          ? 'container.resources.limit'
          : 'container.resources.request';
    return `${name}: ${t(key, values)}`;
  });
}

function useProbeLines({ readinessProbe, livenessProbe, startupProbe }: Container): string[] {
  const t = useText();
  const probes = [
    ['readiness', readinessProbe],
    ['liveness', livenessProbe],
    ['startup', startupProbe],
  ] as const;
  return probes.flatMap(([kind, probe]) => (probe ? [`${t(`container.probe.${kind}`)}: ${probeLine(probe)}`] : []));
}

function useEnvLines({ env = [], envFrom = [] }: Container): string[] {
  const t = useText();
  const wholes = envFrom.flatMap(({ configMapRef, secretRef }) => {
    if (configMapRef) return [t('container.env.allOfConfigMap', { object: configMapRef.name ?? '' })];
    return secretRef ? [t('container.env.allOfSecret', { object: secretRef.name ?? '' })] : [];
  });
  const singles = env.map((variable) => {
    const source = envSource(variable);
    if (source.from === 'value') return `${variable.name} = ${source.value}`;
    const origin =
      source.from === 'field'
        ? t('container.env.field', { path: source.path })
        : t(`container.env.${source.from}`, { object: source.object, key: source.key });
    return `${variable.name}: ${origin}`;
  });
  return [...wholes, ...singles];
}

function Mounts({ container, spec }: { container: Container; spec: PodSpec | undefined }) {
  const t = useText();
  const at = useProject();
  const lines = mountLines(container, spec).map(({ path, kind, source, readOnly }) => {
    const words = t(`container.mount.${kind}`, { source });
    const href =
      kind === 'configMap'
        ? pageOf(at, 'ConfigMap', source)
        : kind === 'secret'
          ? pageOf(at, 'Secret', source)
          : undefined;
    return (
      <>
        <code>{path}</code> {href ? <Link href={href}>{words}</Link> : words}{' '}
        {readOnly && <span className="fh-soft">({t('container.readOnly')})</span>}
      </>
    );
  });
  return <Lines lines={lines} />;
}

function commandLine({ command = [], args = [] }: Container): string {
  return [...command, ...args].join(' ');
}

function portsLine({ ports = [] }: Container): string {
  return ports
    .map(({ name, containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}${name ? ` (${name})` : ''}`)
    .join(', ');
}

/** Leaves out what a container does not have. */
function factsOf(facts: readonly Fact[]): Fact[] {
  return facts.filter(({ value }) => value !== false);
}

interface ContainerHeadProps {
  readonly name: string;
  readonly status: ContainerStatus | undefined;
  readonly isInit: boolean;
}

function ContainerHead({ name, status, isInit }: ContainerHeadProps) {
  const t = useText();
  const restarts = status?.restartCount ?? 0;
  return (
    <h3 className={classes['containerHead']}>
      <span>{name}</span>
      {isInit && <span className={classes['mark']}>{t('initContainer')}</span>}
      {status && <ContainerState status={status} />}
      {restarts > 0 && <span className="fh-soft">{t('pod.restarts', { count: restarts })}</span>}
    </h3>
  );
}

interface ContainerCardProps {
  readonly container: Container;
  readonly spec: PodSpec | undefined;
  readonly status?: ContainerStatus;
  readonly isInit?: boolean;
}

function ContainerCard({ container, spec, status, isInit = false }: ContainerCardProps) {
  const t = useText();
  const resources = useResourceLines(container);
  const probes = useProbeLines(container);
  const env = useEnvLines(container);
  const command = commandLine(container);
  const hasMounts = mountLines(container, spec).length > 0;
  return (
    <article className={classes['container']}>
      <ContainerHead name={container.name} status={status} isInit={isInit} />
      <Facts
        items={factsOf([
          { label: t('container.image'), value: <code>{container.image}</code> },
          { label: t('container.command'), value: command && <code>{command}</code> },
          { label: t('container.ports'), value: portsLine(container) },
          {
            label: t('container.resources'),
            value: resources.length > 0 ? <Lines lines={resources} /> : t('container.resources.none'),
          },
          { label: t('container.probes'), value: probes.length > 0 && <Lines lines={probes} /> },
          { label: t('container.env'), value: env.length > 0 && <Lines lines={env} /> },
          { label: t('container.mounts'), value: hasMounts && <Mounts container={container} spec={spec} /> },
        ])}
      />
    </article>
  );
}

interface ContainerListProps {
  readonly spec: PodSpec | undefined;
  readonly statuses?: readonly ContainerStatus[];
}

/** The containers of a pod or template as people read them. */
export function ContainerList({ spec, statuses = [] }: ContainerListProps) {
  const statusOf = (name: string) => statuses.find((status) => status.name === name);
  return (
    <div>
      {(spec?.initContainers ?? []).map((container) => (
        <ContainerCard
          key={container.name}
          container={container}
          spec={spec}
          status={statusOf(container.name)}
          isInit
        />
      ))}
      {(spec?.containers ?? []).map((container) => (
        <ContainerCard key={container.name} container={container} spec={spec} status={statusOf(container.name)} />
      ))}
    </div>
  );
}

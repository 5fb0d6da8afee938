import {
  ActionMenu,
  ErrorState,
  Facts,
  Link,
  Loading,
  Page,
  Problem,
  Section,
  StatusMark,
  StatusShape,
  to,
  useCan,
  usePageParam,
  useProject,
  useTab,
} from '@kit/ui';
import { useState } from 'react';
import { causeOfService, endpointsOf } from '../../rules/cause-of-service.ts';
import { labelText } from '../../rules/label-text.ts';
import type { Service } from '../../rules/workload-types.ts';
import { kinds } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import { right } from '../api/rights.ts';
import { useService, type ServiceFamily } from '../api/use-service.ts';
import { DeleteObject } from '../changes/delete-object.tsx';
import { YamlTab } from '../changes/yaml-tab.tsx';
import { CauseBanner } from '../parts/cause-banner.tsx';
import { CauseSteps, useTabSteps } from '../parts/cause-steps.tsx';
import classes from '../parts/parts.module.css';
import { PodRow } from '../parts/pod-row.tsx';
import { clusterAddress } from '../parts/service-ports.ts';
import { useServiceType } from '../parts/use-service-type.ts';
import { useText } from '../text.ts';

function Endpoints({ family }: { family: ServiceFamily }) {
  const t = useText();
  const at = useProject();
  const endpoints = endpointsOf(family.slices);
  if (endpoints.length === 0) return <p className={classes['quiet']}>{t('service.noEndpoints')}</p>;
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          <th scope="col">{t('column.address')}</th>
          <th scope="col">{t('column.ports')}</th>
          <th scope="col">{t('column.pod')}</th>
          <th scope="col">{t('column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map(({ address, ports, pod, ready }) => {
          const href = pod && pageOf(at, 'Pod', pod);
          return (
            <tr key={`${address} ${pod}`}>
              <td>{address}</td>
              <td>{ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`).join(', ')}</td>
              <td>{href && <Link href={href}>{pod}</Link>}</td>
              <td>
                <StatusMark tone={ready ? 'good' : 'bad'}>
                  {t(ready ? 'service.answers' : 'service.notReady')}
                </StatusMark>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Ports({ service }: { service: Service }) {
  const t = useText();
  return (
    <ul className={classes['plain']}>
      {(service.spec?.ports ?? []).map(({ name, port, protocol = 'TCP', targetPort = port, nodePort }) => (
        <li key={`${port}/${protocol}`}>
          <b>{`${port}/${protocol}`}</b> {name && <span className="fh-soft">{name}</span>}{' '}
          {t('service.port.target', { target: targetPort })}
          {nodePort !== undefined && <div className="fh-soft">{t('service.port.node', { port: nodePort })}</div>}
        </li>
      ))}
    </ul>
  );
}

/** What the load balancer gave; nothing for services that have none. */
function outsideAddress({ spec, status }: Service): string | undefined {
  if (spec?.type !== 'LoadBalancer') return undefined;
  return (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname = '' }) => ip ?? hostname).join(', ');
}

function HowReached({ service }: { service: Service }) {
  const t = useText();
  const at = useProject();
  const typeOf = useServiceType();
  const outside = outsideAddress(service);
  return (
    <Section title={t('service.facts')}>
      <Facts
        items={[
          { label: t('column.type'), value: typeOf(service) },
          { label: t('service.name'), value: <code>{`${service.metadata.name}.${at.project}`}</code> },
          { label: t('service.address'), value: clusterAddress(service) },
          { label: t('service.external'), value: outside === '' ? t('service.external.pending') : outside },
          { label: t('column.ports'), value: <Ports service={service} /> },
        ]}
      />
    </Section>
  );
}

function Overview({ service, family }: { service: Service; family: ServiceFamily }) {
  const t = useText();
  const runners = useTabSteps();
  const { slices, pods, isComplete } = family;
  const cause = isComplete ? causeOfService({ service, slices, pods }) : undefined;
  const { name } = service.metadata;
  const selector = labelText(service.spec?.selector);
  return (
    <>
      {cause && (
        <CauseBanner cause={cause} actions={<CauseSteps cause={cause} runners={{ editYaml: runners.editYaml }} />} />
      )}
      <div className={classes['columns']}>
        <HowReached service={service} />
        <Section title={t('service.selector')}>
          {selector === '' ? (
            <p className={classes['quiet']}>{t('service.noSelector')}</p>
          ) : (
            <div>
              <code>{selector}</code> {t('service.matches', { count: pods.length })}
            </div>
          )}
          {pods.length > 0 && <PodRow pods={pods} owner={name} />}
        </Section>
      </div>
      <Section title={t('service.endpoints')}>
        <Endpoints family={family} />
      </Section>
    </>
  );
}

function useSentence({ object, slices }: ServiceFamily): string {
  const t = useText();
  if (!object) return '';
  if (object.spec?.type === 'ExternalName')
    return t('service.sentence.external', { target: object.spec.externalName ?? '' });
  const count = endpointsOf(slices).filter(({ ready }) => ready).length;
  const { name } = object.metadata;
  return count === 0 ? t('service.sentence.nothing', { name }) : t('service.sentence.answers', { name, count });
}

/** One service: what answers behind it, how it is reached, which pods it sends to. */
export default function ServicePage() {
  const t = useText();
  const at = useProject();
  const name = usePageParam('name');
  const family = useService(name);
  const sentence = useSentence(family);
  const tabs = [
    { id: 'overview', label: t('tab.overview') },
    { id: 'yaml', label: t('tab.yaml') },
  ];
  const tab = useTab(tabs);
  const mayDelete = useCan(right('delete', kinds.service));
  const [isDeleting, setDeleting] = useState(false);
  const { object: service } = family;
  if (!service)
    return (
      <Page title={name}>
        {family.error ? <ErrorState error={family.error} onRetry={family.refetch} /> : <Loading rows={6} />}
      </Page>
    );
  const works =
    !family.isComplete || causeOfService({ service, slices: family.slices, pods: family.pods }) === undefined;
  const actions = (
    <ActionMenu
      label={t('action.more')}
      items={[
        {
          label: t('action.delete'),
          icon: 'trash',
          danger: true,
          verdict: mayDelete,
          onClick: () => setDeleting(true),
        },
      ]}
    />
  );
  return (
    <Page
      title={name}
      mark={<StatusShape tone={works ? 'good' : 'bad'} />}
      sentence={family.isComplete ? sentence : undefined}
      actions={family.gone ? undefined : actions}
      tabs={tabs}
    >
      {family.gone && <Problem tone="idle" title={t('service.gone')} />}
      {tab === 'yaml' ? (
        <YamlTab object={service} kind={kinds.service} />
      ) : (
        <Overview service={service} family={family} />
      )}
      {isDeleting && (
        <DeleteObject
          kind={kinds.service}
          kindLabel={t('kind.service')}
          name={name}
          goes={[t('delete.service.name')]}
          stays={[t('delete.service.pods')]}
          then={to.project(at, 'services')}
          onClose={() => setDeleting(false)}
        />
      )}
    </Page>
  );
}

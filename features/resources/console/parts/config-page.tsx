import {
  ActionMenu,
  ErrorState,
  Link,
  Loading,
  Page,
  Problem,
  Section,
  to,
  useCan,
  useLiveItems,
  useLiveObject,
  usePageParam,
  useProject,
  useTab,
} from '@kit/ui';
import { useState, type ReactNode } from 'react';
import { configValues, usesConfig, type ConfigObject, type ConfigValue } from '../../rules/config-values.ts';
import type { Deployment } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, kubeObjectPath } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import { right } from '../api/rights.ts';
import { DeleteObject } from '../changes/delete-object.tsx';
import { YamlTab } from '../changes/yaml-tab.tsx';
import { useText } from '../text.ts';
import classes from './parts.module.css';

/** The deployments of the project whose pods read this object. */
function useUsers(kind: 'ConfigMap' | 'Secret', name: string): readonly string[] {
  const at = useProject();
  const deployments = useLiveItems<Deployment>({ path: kubeListPath(at, kinds.deployment) });
  return deployments.items
    .filter(({ spec }) => usesConfig(spec?.template?.spec, kind, name))
    .map(({ metadata }) => metadata.name);
}

function Users({ names }: { names: readonly string[] }) {
  const t = useText();
  const at = useProject();
  if (names.length === 0) return <p className={classes['quiet']}>{t('config.usedByNothing')}</p>;
  return (
    <ul className={classes['plain']}>
      {names.map((name) => {
        const href = pageOf(at, 'Deployment', name);
        return <li key={name}>{href && <Link href={href}>{name}</Link>}</li>;
      })}
    </ul>
  );
}

interface ConfigPageProps {
  readonly of: 'configMap' | 'secret';
  /** How a value is shown. */
  readonly renderValue: (value: ConfigValue) => ReactNode;
}

/** One config map or secret: its keys, and who reads it. Secrets have no YAML here, since that would show every value. */
export function ConfigPage({ of, renderValue }: ConfigPageProps) {
  const t = useText();
  const at = useProject();
  const kind = kinds[of];
  const name = usePageParam('name');
  const live = useLiveObject<ConfigObject>({ path: kubeObjectPath(at, kind, name) });
  const users = useUsers(kind.kind, name);
  const tabs = [
    { id: 'overview', label: t('tab.overview') },
    ...(of === 'configMap' ? [{ id: 'yaml', label: t('tab.yaml') }] : []),
  ];
  const tab = useTab(tabs);
  const mayDelete = useCan(right('delete', kind));
  const [isDeleting, setDeleting] = useState(false);
  const { object } = live;
  if (!object)
    return (
      <Page title={name}>
        {live.error ? <ErrorState error={live.error} onRetry={live.refetch} /> : <Loading rows={6} />}
      </Page>
    );
  const values = configValues(object);
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
  const goes = [
    t('delete.config.keys', { count: values.length }),
    ...users.map((user) => t('delete.config.users', { name: user })),
  ];
  return (
    <Page
      title={name}
      sentence={`${t(`kind.${of}`)} · ${t('config.keys', { count: values.length })}`}
      actions={live.gone ? undefined : actions}
      tabs={tabs.length > 1 ? tabs : undefined}
    >
      {live.gone && <Problem tone="idle" title={t('config.gone')} />}
      {tab === 'yaml' ? (
        <YamlTab object={object} kind={kind} />
      ) : (
        <>
          <Section title={t('column.keys')}>
            {values.length === 0 && <p className={classes['quiet']}>{t('config.noKeys')}</p>}
            {values.map((value) => (
              <article key={value.key} className={classes['container']}>
                <h3 className={classes['containerHead']}>{value.key}</h3>
                {renderValue(value)}
              </article>
            ))}
          </Section>
          <Section title={t('config.usedBy')}>
            <Users names={users} />
          </Section>
        </>
      )}
      {isDeleting && (
        <DeleteObject
          kind={kind}
          kindLabel={t(`kind.${of}`)}
          name={name}
          goes={goes}
          stays={[]}
          then={to.project(at, 'config')}
          onClose={() => setDeleting(false)}
        />
      )}
    </Page>
  );
}

import {
  ActionButton,
  DataTable,
  EmptyState,
  Page,
  to,
  useCan,
  useList,
  useListState,
  useProject,
  useTab,
  type Column,
} from '@kit/ui';
import { configValues, type ConfigObject } from '../../rules/config-values.ts';
import { kinds, kubeListPath, pagedListPath } from '../api/kinds.ts';
import { pageOf } from '../api/links.ts';
import { right } from '../api/rights.ts';
import { joined, useEndColumns } from '../parts/column-parts.tsx';
import { filterTokens } from '../parts/use-list-filters.ts';
import { useText } from '../text.ts';

function useColumns(isSecret: boolean): readonly Column<ConfigObject>[] {
  const t = useText();
  const { name, age } = useEndColumns<ConfigObject>();
  const type: Column<ConfigObject> = {
    id: 'type',
    title: t('column.type'),
    render: (row) => row.type ?? 'Opaque',
  };
  return [
    name,
    ...(isSecret ? [type] : []),
    {
      id: 'keys',
      title: t('column.keys'),
      phone: 'second',
      render: (row) => joined(configValues(row).map(({ key }) => key)),
    },
    age,
  ];
}

interface ConfigTableProps {
  readonly of: 'configMap' | 'secret';
}

function ConfigTable({ of }: ConfigTableProps) {
  const t = useText();
  const at = useProject();
  const kind = kinds[of];
  const columns = useColumns(of === 'secret');
  const mayImport = useCan(right('create', kind));
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<ConfigObject>({
    path: pagedListPath(at, kind),
    control,
    tokens: filterTokens,
    watch: { path: kubeListPath(at, kind) },
  });
  const importButton = (
    <ActionButton
      label={t('action.import')}
      icon="file-import"
      variant="primary"
      href={to.project(at, 'import')}
      verdict={mayImport}
    />
  );
  return (
    <DataTable
      label={t(of === 'secret' ? 'tab.secrets' : 'tab.configMaps')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.uid ?? metadata.name}
      rowName={({ metadata }) => metadata.name}
      open={({ metadata }) => pageOf(at, kind.kind, metadata.name) ?? to.project(at, 'config')}
      filters={[{ token: 'label', label: t('filter.label') }]}
      empty={<EmptyState title={t(`${of}s.empty`)} text={t(`${of}s.empty.text`)} action={importButton} />}
    />
  );
}

/** The config maps and secrets of a project. */
export default function Config() {
  const t = useText();
  const tabs = [
    { id: 'configMaps', label: t('tab.configMaps') },
    { id: 'secrets', label: t('tab.secrets') },
  ];
  const tab = useTab(tabs);
  return (
    <Page title={t('config.title')} sentence={t('config.sentence')} tabs={tabs}>
      <ConfigTable key={tab} of={tab === 'secrets' ? 'secret' : 'configMap'} />
    </Page>
  );
}

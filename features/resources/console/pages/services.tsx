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
  type Column,
} from '@kit/ui';
import type { Service } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, pagedListPath } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { useEndColumns } from '../parts/column-parts.tsx';
import { clusterAddress, portLine } from '../parts/service-ports.ts';
import { filterTokens } from '../parts/use-list-filters.ts';
import { useServiceType } from '../parts/use-service-type.ts';
import { useText } from '../text.ts';

function useColumns(): readonly Column<Service>[] {
  const t = useText();
  const typeOf = useServiceType();
  const { name, age } = useEndColumns<Service>();
  return [
    name,
    { id: 'type', title: t('column.type'), width: '170px', phone: 'second', render: typeOf },
    { id: 'address', title: t('column.address'), width: '180px', render: clusterAddress },
    { id: 'ports', title: t('column.ports'), render: portLine },
    age,
  ];
}

const types = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;

/** The services of a project. */
export default function Services() {
  const t = useText();
  const at = useProject();
  const columns = useColumns();
  const mayImport = useCan(right('create', kinds.service));
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<Service>({
    path: pagedListPath(at, kinds.service),
    control,
    tokens: filterTokens,
    watch: { path: kubeListPath(at, kinds.service) },
  });
  const filters = [
    {
      token: 'type',
      label: t('column.type'),
      values: types.map((type) => ({ value: type, label: t(`service.type.${type}`) })),
      only: true,
    },
    { token: 'label', label: t('filter.label') },
  ];
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
    <Page title={t('services.title')} sentence={t('services.sentence')}>
      <DataTable
        label={t('services.title')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ metadata }) => metadata.uid ?? metadata.name}
        rowName={({ metadata }) => metadata.name}
        open={({ metadata }) => to.project(at, 'services/$name', { name: metadata.name })}
        filters={filters}
        empty={<EmptyState title={t('services.empty')} text={t('services.empty.text')} action={importButton} />}
      />
    </Page>
  );
}

import type { ReactNode } from 'react';
import { Time, type Column } from '@kit/ui';
import type { KubeObject } from '@kit/kube';
import { useText } from '../text.ts';

/** The two columns every list begins and ends with. */
export function useEndColumns<Row extends KubeObject>(): { name: Column<Row>; age: Column<Row> } {
  const t = useText();
  return {
    name: {
      id: 'name',
      title: t('column.name'),
      sort: 'name',
      phone: 'first',
      render: ({ metadata }) => metadata.name,
    },
    age: {
      id: 'age',
      title: t('column.age'),
      sort: 'createTime',
      width: '110px',
      align: 'end',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
  };
}

/** Several values in one cell, each in short; the whole stands in the title. */
export function joined(values: readonly string[], short: (value: string) => string = (value) => value): ReactNode {
  return <span title={values.join('\n')}>{values.map(short).join(', ')}</span>;
}

import { expect, it } from 'vitest';
import { inImportOrder } from './import-order.ts';

it('makes what others need first, and keeps the order of the text among equals', () => {
  const kinds = ['Deployment', 'Service', 'Widget', 'ConfigMap', 'ServiceAccount', 'Deployment'];
  const ordered = inImportOrder(kinds.map((kind, index) => ({ kind, index })));
  expect(ordered.map(({ kind, index }) => `${kind} ${index}`)).toEqual([
    'ServiceAccount 4',
    'ConfigMap 3',
    'Service 1',
    'Deployment 0',
    'Widget 2',
    'Deployment 5',
  ]);
});

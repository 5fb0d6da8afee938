/** Kinds that others need to start, in the order they are made; kinds not named here come after all of them. */
const first = [
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Role',
  'RoleBinding',
  'Service',
];

/** Objects of one text in a sensible order to make them in; what is equal keeps the order of the text. */
export function inImportOrder<T extends { readonly kind: string; readonly index: number }>(items: readonly T[]): T[] {
  const rank = (kind: string): number => {
    const place = first.indexOf(kind);
    return place < 0 ? first.length : place;
  };
  return [...items].sort((left, right) => rank(left.kind) - rank(right.kind) || left.index - right.index);
}

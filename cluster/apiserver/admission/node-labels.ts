/** Labels of Kubernetes that a node says of itself. */
const ownLabels = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.kubernetes.io/zone',
  'failure-domain.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
]);
const ownDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io'];

const isUnder = (domain: string, parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);

/** Workloads are kept apart by labels that a node cannot give itself. */
function isForbidden(label: string): boolean {
  const [domain = ''] = label.includes('/') ? label.split('/') : [];
  if (isUnder(domain, 'node-restriction.kubernetes.io')) return true;
  if (!isUnder(domain, 'kubernetes.io') && !isUnder(domain, 'k8s.io')) return false;
  return !ownLabels.has(label) && !ownDomains.some((own) => isUnder(domain, own));
}

type Labels = Readonly<Record<string, string>>;

/** The labels that differ and that a node may not give itself. */
export function forbiddenNodeLabels(next: Labels, old: Labels): string[] {
  const changed = [...new Set([...Object.keys(next), ...Object.keys(old)])].filter((key) => next[key] !== old[key]);
  return changed.filter(isForbidden).sort();
}

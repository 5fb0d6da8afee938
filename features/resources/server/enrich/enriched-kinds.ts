import { kinds, type KubeObject } from '@kit/kube';
import { parseQuantity } from '../../rules/quantity.ts';
import { cpuText, memoryText, shareText } from '../../rules/quantity-text.ts';
import type { PodSums } from '../../rules/pod-sums.ts';
import type { ListedKind } from '../lists/listed-kind.ts';

type Enrichment = Pick<ListedKind, 'show' | 'reads'>;

function annotated(object: KubeObject, more: Readonly<Record<string, string>>): KubeObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...more } } };
}

function nodeAnnotations(node: KubeObject, sums: PodSums): Record<string, string> {
  const { allocatable } = (node.status ?? {}) as { allocatable?: Record<string, string> }; // cast: the view is of nodes
  const cpu = (parseQuantity(allocatable?.['cpu'] ?? '') ?? 0) * 1000;
  const memory = parseQuantity(allocatable?.['memory'] ?? '') ?? 0;
  const prefix = 'node.kubesphere.io';
  return {
    [`${prefix}/cpu-requests`]: cpuText(sums.cpuRequests),
    [`${prefix}/cpu-requests-fraction`]: shareText(sums.cpuRequests, cpu),
    [`${prefix}/cpu-limits`]: cpuText(sums.cpuLimits),
    [`${prefix}/cpu-limits-fraction`]: shareText(sums.cpuLimits, cpu),
    [`${prefix}/memory-requests`]: memoryText(sums.memoryRequests),
    [`${prefix}/memory-requests-fraction`]: shareText(sums.memoryRequests, memory),
    [`${prefix}/memory-limits`]: memoryText(sums.memoryLimits),
    [`${prefix}/memory-limits-fraction`]: shareText(sums.memoryLimits, memory),
  };
}

/** Nodes say what the pods on them ask for, and how much of the node that is. */
export const nodeEnrichment: Enrichment = {
  reads: () => [kinds.pods],
  show:
    ({ parts }) =>
    (row) => {
      const node = row.object();
      return annotated(node, nodeAnnotations(node, parts.nodeSums.of(row.name)));
    },
};

const allowsSnapshot = 'storageclass.kubesphere.io/allow-snapshot';

/** Claims say whether a pod mounts them, and whether their storage class allows snapshots. */
export const claimEnrichment: Enrichment = {
  reads: () => [kinds.pods, kinds.storageclasses],
  show:
    ({ parts }) =>
    (row) => {
      const claim = row.object();
      const { storageClassName = '' } = (claim['spec'] ?? {}) as { storageClassName?: string }; // cast: the view is of claims
      const storageClass = parts.views.of(kinds.storageclasses).get('', storageClassName)?.object();
      return annotated(claim, {
        'kubesphere.io/in-use': String(parts.claimUse.isUsed(row.namespace, row.name)),
        'kubesphere.io/allow-snapshot': String(storageClass?.metadata.annotations?.[allowsSnapshot] === 'true'),
      });
    },
};

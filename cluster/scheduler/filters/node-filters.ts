import { matchesNodeAffinity } from '../node-affinity.ts';
import type { NodeTaint } from '../node-state.ts';
import { type Filter, final, passing } from '../plugin.ts';
import { tolerates } from '../tolerations.ts';

const unschedulableTaint: NodeTaint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Cordoned nodes take only pods that tolerate it, as daemons do. */
export const nodeUnschedulable: Filter = {
  name: 'NodeUnschedulable',
  helpedBy: ['node added', 'node taints'],
  prepare: ({ pod }) => {
    const rejection = final('node(s) were unschedulable');
    if (tolerates(pod.spec.tolerations, unschedulableTaint)) return undefined;
    return { check: ({ node }) => (node.spec.unschedulable ? rejection : undefined) };
  },
};

export const taintToleration: Filter = {
  name: 'TaintToleration',
  helpedBy: ['node added', 'node taints'],
  prepare: ({ pod }) => {
    const rejection = final('node(s) had untolerated taint(s)');
    const { tolerations } = pod.spec;
    return {
      check: ({ forbidding }) =>
        forbidding.length > 0 && forbidding.some((taint) => !tolerates(tolerations, taint)) ? rejection : undefined,
    };
  },
};

export const nodeAffinity: Filter = {
  name: 'NodeAffinity',
  helpedBy: ['node added', 'node labels'],
  prepare: ({ pod }) => {
    const rejection = final("node(s) didn't match Pod's node affinity/selector");
    const { nodeSelector, affinity } = pod.spec;
    if (!nodeSelector && !affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution) return undefined;
    return { check: (node) => (matchesNodeAffinity(pod, node) ? undefined : rejection) };
  },
};

export const nodePorts: Filter = {
  name: 'NodePorts',
  helpedBy: ['node added', 'pod removed'],
  prepare: ({ ports }) => {
    const rejection = passing("node(s) didn't have free ports for the requested pod ports");
    if (ports.length === 0) return undefined;
    return { check: (node) => (ports.some((port) => node.hasPort(port)) ? rejection : undefined) };
  },
};

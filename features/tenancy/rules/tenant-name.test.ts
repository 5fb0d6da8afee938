import { describe, expect, it } from 'vitest';
import { projectNameProblem, workspaceNameProblem } from './tenant-name.ts';

const rows: readonly { name: string; workspace: boolean; project: boolean; why: string }[] = [
  { name: 'acme', workspace: true, project: true, why: 'the usual case' },
  { name: 'a', workspace: true, project: true, why: 'one letter is enough' },
  { name: '7-up', workspace: true, project: true, why: 'digits may come first' },
  { name: '', workspace: false, project: false, why: 'nothing' },
  { name: 'Acme', workspace: false, project: false, why: 'namespaces are lower case' },
  { name: 'a.b', workspace: false, project: false, why: 'a dot is no part of a DNS label' },
  { name: '-a', workspace: false, project: false, why: 'a hyphen cannot come first' },
  { name: 'a-', workspace: false, project: false, why: 'a hyphen cannot come last' },
  { name: 'ünï', workspace: false, project: false, why: 'ASCII only' },
  { name: 'a'.repeat(46), workspace: true, project: true, why: 'leaves room for "-self-provisioner"' },
  { name: 'a'.repeat(47), workspace: false, project: true, why: 'the role name would pass 63 characters' },
  { name: 'a'.repeat(64), workspace: false, project: false, why: 'longer than a label' },
  { name: 'kube-shop', workspace: true, project: false, why: 'Kubernetes keeps the prefix for itself' },
  { name: 'kubesphere-x', workspace: true, project: false, why: 'the platform keeps the prefix for itself' },
];

describe('names of tenants', () => {
  it.each(rows)('$name: $why', ({ name, workspace, project }) => {
    expect(workspaceNameProblem(name) === undefined).toBe(workspace);
    expect(projectNameProblem(name) === undefined).toBe(project);
  });
});

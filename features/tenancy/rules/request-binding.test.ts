import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../contract/index.ts';
import { bindingFor, decisionRight } from './request-binding.ts';

const request = (place: { workspace?: string; namespace?: string }): AccessRequest => ({
  apiVersion: 'iam.freehold.io/v1alpha1',
  kind: 'AccessRequest',
  metadata: { name: 'r1' },
  spec: { user: 'mark', userUid: 'u', role: 'viewer', ...place },
});

describe('an approved request', () => {
  it('becomes a binding in the project it names', () => {
    expect(bindingFor(request({ namespace: 'shop' }))).toMatchObject({
      kind: 'RoleBinding',
      metadata: { name: 'request-r1', namespace: 'shop', labels: { 'iam.kubesphere.io/user-ref': 'mark' } },
      roleRef: { kind: 'Role', name: 'viewer' },
    });
  });

  it('becomes a binding of the workspace it names, tied to it by its label', () => {
    const binding = bindingFor(request({ workspace: 'acme' }));
    expect(binding.kind).toBe('WorkspaceRoleBinding');
    expect(binding.metadata.namespace).toBeUndefined();
    expect(binding.metadata.labels).toMatchObject({ 'kubesphere.io/workspace': 'acme' });
  });

  it('is decided by whoever makes members there', () => {
    expect(decisionRight(request({ workspace: 'acme' }).spec)).toMatchObject({
      resource: 'workspacemembers',
      workspace: 'acme',
    });
    expect(decisionRight(request({ namespace: 'shop' }).spec)).toMatchObject({
      resource: 'members',
      namespace: 'shop',
    });
  });
});

import { describe, expect, test } from 'vitest';
import { contentOf, hasSameContent } from './object-content.ts';

const object = (metadata: object, rest: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  ...rest,
});

test('the content is what people decide', () => {
  const full = object(
    {
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      managedFields: [],
      labels: { app: 'web' },
      annotations: { 'deployment.kubernetes.io/revision': '3', owner: 'shop' },
    },
    { spec: { replicas: 1 }, status: { readyReplicas: 1 } },
  );
  expect(contentOf(full)).toEqual(
    object({ labels: { app: 'web' }, annotations: { owner: 'shop' } }, { spec: { replicas: 1 } }),
  );
});

describe('hasSameContent', () => {
  test.each([
    {
      why: 'a rollout goes on: status and revision move',
      a: object({ resourceVersion: '1' }, { status: {} }),
      b: object(
        { resourceVersion: '2', annotations: { 'deployment.kubernetes.io/revision': '2' } },
        { status: { replicas: 1 } },
      ),
      same: true,
    },
    {
      why: 'somebody scaled it',
      a: object({}, { spec: { replicas: 1 } }),
      b: object({}, { spec: { replicas: 2 } }),
      same: false,
    },
    { why: 'somebody labelled it', a: object({}), b: object({ labels: { a: 'b' } }), same: false },
  ])('$why', ({ a, b, same }) => expect(hasSameContent(a, b)).toBe(same));
});

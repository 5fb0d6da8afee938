import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { startCluster, type Cluster } from '../../start-cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
});
afterAll(() => cluster.stop());

const policies = { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' };
const rule = (apiGroup: string, resource: string): object => ({
  apiGroups: [apiGroup],
  apiVersions: ['v1'],
  operations: ['CREATE'],
  resources: [resource],
});

async function statusOf(name: string, resourceRules: readonly object[], more: object): Promise<unknown> {
  const policy: ClusterObject = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: { matchConstraints: { resourceRules }, ...more },
  };
  await cluster.client.create(policies, policy);
  const status = async (): Promise<unknown> => (await cluster.client.get(policies, undefined, name)).status;
  await expect.poll(status, { timeout: 15_000 }).toMatchObject({ observedGeneration: 1 });
  return status();
}

// The warnings are those that a kube-controller-manager 1.36.3 has written for the same policies.
describe('a policy is told', () => {
  it('of fields that the objects it is for do not have', async () => {
    const expected = (expression: string, column: number, problem: string): string =>
      ['apps/v1, Kind=Deployment', 'batch/v1, Kind=Job']
        .map(
          (kind) =>
            `${kind}: ERROR: <input>:1:${column}: ${problem}\n | ${expression}\n | ${'.'.repeat(column - 1)}^\n`,
        )
        .join('\n');
    const validations = [{ expression: 'object.spec.replicaz > 1', messageExpression: 'string(object.speck)' }];
    expect(await statusOf('wrong', [rule('apps', 'deployments'), rule('batch', 'jobs')], { validations })).toEqual({
      observedGeneration: 1,
      typeChecking: {
        expressionWarnings: [
          {
            fieldRef: 'spec.validations[0].expression',
            warning: expected('object.spec.replicaz > 1', 12, "undefined field 'replicaz'"),
          },
          {
            fieldRef: 'spec.validations[0].messageExpression',
            warning: expected('string(object.speck)', 14, "undefined field 'speck'"),
          },
        ],
      },
    });
  });

  it('of values of another type, also of parameters', async () => {
    const more = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: "params.dat.a == 'x' && object.metadata.name == 1" }],
    };
    expect(await statusOf('typed', [rule('apps', 'deployments')], more)).toMatchObject({
      typeChecking: {
        expressionWarnings: [
          {
            warning: expect.stringMatching(
              /undefined field 'dat'[^]*no matching overload for '_==_' applied to '\(string, int\)'/,
            ) as string,
          },
        ],
      },
    });
  });

  it.each([
    {
      why: 'nothing is wrong',
      name: 'right',
      rules: [rule('apps', 'deployments')],
      expression: 'object.spec.replicas > 1',
    },
    { why: 'it is for anything', name: 'any', rules: [rule('*', '*')], expression: 'object.spec.replicaz > 1' },
  ])('of nothing where $why', async ({ name, rules, expression }) => {
    const status = await statusOf(name, rules, { validations: [{ expression }] });
    expect(status).toEqual({ observedGeneration: 1, typeChecking: {} });
  });
});

import { describe, expect, it } from 'vitest';
import { requestInfo } from '../endpoints/request-info.ts';
import { decide, openPolicy } from './audit-policy.ts';
import type { AuditPolicy } from './audit-policy.ts';

const policy: AuditPolicy = {
  omitStages: ['Panic'],
  rules: [
    { level: 'None', users: ['quiet'] },
    { level: 'None', nonResourceURLs: ['/healthz*'] },
    { level: 'Metadata', resources: [{ group: '', resources: ['secrets'] }] },
    { level: 'RequestResponse', resources: [{ group: '', resources: ['pods', 'pods/*'] }], namespaces: ['shop'] },
    { level: 'Request', userGroups: ['auditors'], verbs: ['create'], omitStages: ['RequestReceived'] },
  ],
};
const caller = (name: string, ...groups: string[]) => ({ name, groups });

describe('an audit policy', () => {
  it.each([
    ['GET', '/api/v1/secrets', caller('quiet'), 'None', 'the first rule that fits decides'],
    ['GET', '/api/v1/secrets', caller('ann'), 'Metadata', 'a whole kind'],
    ['GET', '/healthz/etcd', caller('ann'), 'None', 'a pattern of paths'],
    ['GET', '/api/v1/namespaces/shop/pods/a', caller('ann'), 'RequestResponse', 'a kind in a namespace'],
    ['GET', '/api/v1/namespaces/shop/pods/a/log', caller('ann'), 'RequestResponse', 'the parts of a kind'],
    ['GET', '/api/v1/namespaces/else/pods/a', caller('ann'), 'None', 'another namespace, and no rule: nothing'],
    ['POST', '/apis/apps/v1/namespaces/a/deployments', caller('ann', 'auditors'), 'Request', 'by group and verb'],
    ['GET', '/apis/apps/v1/namespaces/a/deployments', caller('ann', 'auditors'), 'None', 'another verb'],
  ] as const)('%s %s of %j is told as %s: %s', (...[method, url, who, level]) => {
    expect(decide(policy, requestInfo(method, url), who).level).toBe(level);
  });

  it('leaves out the stages of the rule and of the whole', () => {
    const decision = decide(policy, requestInfo('POST', '/api/v1/namespaces'), caller('ann', 'auditors'));
    expect(decision.omitStages).toEqual(['Panic', 'RequestReceived']);
  });

  it.each([
    [{ rules: [] }, 'no rules'],
    [{ rules: [{ level: 'All' }] }, 'rules[0].level'],
    [{ rules: [{ level: 'None', omitStages: ['Never'] }] }, 'names no stage: Never'],
  ])('%j is refused: %s', (wrong, message) => {
    expect(() => openPolicy(wrong as AuditPolicy)).toThrow(message); // that it is none is the point
  });
});

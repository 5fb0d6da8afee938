import { patchOf, respond } from '../testing/webhook-server.ts';
import { reviewScenarios } from './review-scenarios.ts';
import { answerScenarios } from './answer-scenarios.ts';
import { allow, answers, configMap, createIt, ns, one, place, rule } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const connections: Scenario[] = [
  { why: 'nobody listens', hooks: [{ clientConfig: { url: 'https://127.0.0.1:PORT/x' } }], steps: [createIt] },
  {
    why: 'nobody listens, ignored',
    hooks: [{ clientConfig: { url: 'https://127.0.0.1:PORT/x' }, webhook: { failurePolicy: 'Ignore' } }],
    steps: [createIt],
  },
  {
    why: 'an authority nobody trusts',
    hooks: [{ reply: allow, clientConfig: { caBundle: undefined } }],
    steps: [createIt],
  },
  { why: 'another authority', hooks: [{ reply: allow, clientConfig: { caBundle: 'OTHER' } }], steps: [createIt] },
  {
    why: 'a certificate for another name',
    hooks: [{ reply: allow, clientConfig: { host: '127.0.0.2' } }],
    steps: [createIt],
  },
  {
    why: 'a host without an address',
    hooks: [{ clientConfig: { url: 'https://nobody.invalid/x' } }],
    steps: [createIt],
  },
  {
    why: 'a Service that is missing',
    hooks: [{ clientConfig: { service: { namespace: place, name: 'absent', path: '/x' } } }],
    steps: [createIt],
  },
  {
    why: 'a Service without that port',
    hooks: [{ clientConfig: { service: { namespace: place, name: 'lonely', port: 8443 } } }],
    steps: [createIt],
  },
  {
    why: 'an external Service that is not there',
    hooks: [{ clientConfig: { service: { namespace: place, name: 'away', port: 443, path: '/x' } } }],
    steps: [createIt],
  },
];

const selection: Scenario[] = [
  { why: 'a query in the URL is kept', hooks: [{ reply: allow, query: '?a=b' }], steps: [createIt] },
  one('an object that the object selector leaves out', answers({ allowed: false }), {
    objectSelector: { matchLabels: { check: 'yes' } },
  }),
  {
    why: 'an object that leaves the object selector is still looked at',
    hooks: [
      {
        reply: answers({ allowed: false }),
        webhook: { objectSelector: { matchLabels: { check: 'yes' } }, rules: [rule(['UPDATE'], [''], ['configmaps'])] },
      },
    ],
    steps: [
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        body: configMap('one', { metadata: { name: 'one', labels: { check: 'yes' } } }),
      },
      { method: 'PUT', path: `${ns}/configmaps/one`, body: configMap('one') },
    ],
  },
  one('a namespace that the namespace selector leaves out', answers({ allowed: false }), {
    namespaceSelector: { matchLabels: { nope: 'nope' } },
  }),
  one('another operation', answers({ allowed: false }), { rules: [rule(['UPDATE', 'DELETE'], [''], ['configmaps'])] }),
  one('another resource', answers({ allowed: false }), { rules: [rule(['CREATE'], [''], ['secrets'])] }),
  one('another scope', answers({ allowed: false }), {
    rules: [{ ...rule(['CREATE'], [''], ['configmaps']), scope: 'Cluster' }],
  }),
  one('every resource', answers({ allowed: false }), { rules: [{ ...rule(['*'], ['*'], ['*']), apiVersions: ['*'] }] }),
  one('parts only', answers({ allowed: false }), { rules: [rule(['CREATE'], [''], ['*/status'])] }),
  one('resources and their parts', answers({ allowed: false }), { rules: [rule(['CREATE'], [''], ['*/*'])] }),
  one('a condition that does not hold', answers({ allowed: false }), {
    matchConditions: [{ name: 'no', expression: 'object.data.a == "2"' }],
  }),
  one('a condition that holds', answers({ allowed: false }), {
    matchConditions: [{ name: 'yes', expression: 'object.data.a == "1"' }],
  }),
  one('a condition that fails', allow, { matchConditions: [{ name: 'bad', expression: 'object.data.zzz == "1"' }] }),
  one('a condition that fails, ignored', answers({ allowed: false }), {
    failurePolicy: 'Ignore',
    matchConditions: [{ name: 'bad', expression: 'object.data.zzz == "1"' }],
  }),
  {
    why: 'a dry run past a webhook with effects',
    hooks: [{ reply: allow, webhook: { sideEffects: 'NoneOnDryRun' } }],
    steps: [{ ...createIt, path: `${ns}/configmaps?dryRun=All` }],
  },
];

const orders: Scenario[] = [
  {
    why: 'mutating webhooks see what those before them did; validating ones all of it',
    hooks: [
      {
        mutating: true,
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/first', value: '1' }) }),
      },
      {
        mutating: true,
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/second', value: '1' }) }),
      },
      { reply: allow },
    ],
    steps: [createIt],
  },
  {
    why: 'a webhook that asks for it is called again when a later one has changed the object',
    hooks: [
      { mutating: true, webhook: { reinvocationPolicy: 'IfNeeded' }, reply: allow },
      {
        mutating: true,
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/second', value: '1' }) }),
      },
    ],
    steps: [createIt],
  },
  {
    why: 'a webhook is not called again when nothing has changed',
    hooks: [
      { mutating: true, webhook: { reinvocationPolicy: 'IfNeeded' }, reply: allow },
      { mutating: true, reply: allow },
    ],
    steps: [createIt],
  },
  {
    why: 'what a patch leaves out gets its defaults again',
    hooks: [
      {
        mutating: true,
        webhook: { rules: [rule(['CREATE'], [''], ['services'])] },
        reply: (r) =>
          respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/spec/ports', value: [{ port: 80 }] }) }),
      },
    ],
    steps: [
      {
        method: 'POST',
        path: `${ns}/services`,
        body: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'svc' },
          spec: { clusterIP: 'None', selector: { a: 'b' } },
        },
      },
    ],
  },
];

/** Everything that is asked of webhooks, of a real API server and of ours. */
export const scenarios: readonly Scenario[] = [
  ...answerScenarios,
  ...connections,
  ...selection,
  ...orders,
  ...reviewScenarios,
];

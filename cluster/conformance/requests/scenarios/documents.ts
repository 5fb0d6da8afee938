import type { Step } from '../transcript.ts';
import { asProtobuf, asYaml, core, space } from './probe-objects.ts';

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' };
const groups = [
  '/api/v1',
  '/apis/apps/v1',
  '/apis/apps',
  '/apis/autoscaling',
  '/apis/autoscaling/v1',
  '/apis/authorization.k8s.io/v1',
  '/apis/policy/v1',
  '/apis/apps/v2',
  '/api/v2',
];
const autoscalers = `/apis/autoscaling/v1/namespaces/${space}/horizontalpodautoscalers`;
const newer = autoscalers.replace('/v1/', '/v2/');
const target = { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' };

/** What the server says of itself, in protobuf too, and kinds that are served in two versions. */
export const documents: readonly Step[] = [
  ['version', 'GET /version'],
  ['api', 'GET /api'],
  ['groups', 'GET /apis'],
  ...groups.map((path): Step => [`discovery ${path}`, `GET ${path}`]),
  ['discovery.core', 'GET /api', undefined, aggregated],
  ['discovery.all', 'GET /apis', undefined, aggregated],
  ['openapi.v3', 'GET /openapi/v3'],
  ['openapi.v3.unknown', 'GET /openapi/v3/apis/none/v1'],
  ['openapi.v2.unknown-form', 'GET /openapi/v2', undefined, { accept: 'application/xml' }],
  ['healthy', 'GET /healthz'],
  ['ready', 'GET /readyz'],
  ['alive', 'GET /livez/ping'],
  ['health.unknown', 'GET /readyz/nope'],
  ['protobuf.missing', `GET ${core}/configmaps/nope`, undefined, asProtobuf],
  ['protobuf.group', 'GET /apis/apps', undefined, asProtobuf],
  ['protobuf.resources', 'GET /apis/apps/v1', undefined, asProtobuf],
  [
    'protobuf.table',
    `GET ${core}/configmaps`,
    undefined,
    { accept: `${asProtobuf.accept};as=Table;g=meta.k8s.io;v=v1` },
  ],
  ['protobuf.forbidden', `GET ${core}/pods`, undefined, { ...asProtobuf, 'impersonate-user': 'bob' }],
  ['protobuf.version', 'GET /version', undefined, asProtobuf],
  [
    'autoscaler.v1',
    `POST ${autoscalers}`,
    {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h1' },
      spec: { maxReplicas: 3, targetCPUUtilizationPercentage: 55, scaleTargetRef: target },
    },
  ],
  ['autoscaler.v1-as-v2', `GET ${newer}/h1`],
  [
    'autoscaler.v2',
    `POST ${newer}`,
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h2' },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: target,
        metrics: [
          { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '500Mi' } } },
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 44 } } },
          { type: 'Pods', pods: { metric: { name: 'pm' }, target: { type: 'AverageValue', averageValue: '3' } } },
        ],
      },
    },
  ],
  ['autoscaler.v2-as-v1', `GET ${autoscalers}/h2`],
  ['autoscaler.table', `GET ${autoscalers}`, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }],
  [
    'event',
    `POST ${core}/events`,
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e1' },
      involvedObject: { kind: 'Pod', name: 'x', namespace: space },
      reason: 'Why',
      message: 'because',
      type: 'Normal',
      source: { component: 'me' },
      count: 3,
    },
  ],
  ['event.newer', `GET /apis/events.k8s.io/v1/namespaces/${space}/events/e1`, undefined, asYaml],
  ['namespace.delete', `DELETE /api/v1/namespaces/${space}`],
  [
    'namespace.terminating',
    `POST ${core}/configmaps`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } },
  ],
];

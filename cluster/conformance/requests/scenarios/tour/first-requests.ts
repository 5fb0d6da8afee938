import type { Step } from '../../transcript.ts';
import { asYaml, bob, configMap, nobody } from '../probe-objects.ts';
import { core, deployment, deployments, maps, space } from './places.ts';

const namespace = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yam}\n';
const invalid = {
  replicas: -1,
  selector: { matchLabels: { a: 'b' } },
  template: { metadata: { labels: { a: 'c' } }, spec: { containers: [] } },
};
const chosenByTheServer = {
  uid: 'mine',
  creationTimestamp: '2001-01-01T00:00:00Z',
  generation: 7,
  selfLink: '/x',
  labels: { k: 'v' },
};

/** Namespaces, callers, paths, media types and bodies; then creations. */
export const firstRequests: readonly Step[] = [
  ['ns.create', 'POST /api/v1/namespaces', namespace(space)],
  ['ns.exists', 'POST /api/v1/namespaces', namespace(space)],
  ['ns.badname', 'POST /api/v1/namespaces', namespace('Bad_Name')],
  ['create.in.missing.ns', 'POST /api/v1/namespaces/nope/configmaps', configMap('x')],
  ['unauth', 'GET /api/v1/pods', undefined, { authorization: 'Bearer wrong' }],
  ['anonymous', 'GET /api/v1/pods', undefined, nobody],
  ['as.forbidden', `GET ${core}/pods`, undefined, bob],
  ['as.forbidden.name', `DELETE ${core}/pods/x`, undefined, bob],
  ['as.forbidden.cluster', 'GET /api/v1/nodes/x', undefined, bob],
  ['as.forbidden.sub', `GET ${core}/pods/x/log`, undefined, bob],
  ['as.nonresource', 'GET /metrics', undefined, bob],
  ['nosuch.group', 'GET /apis/none.example.com/v1'],
  ['nosuch.path', 'GET /nothing'],
  ['nosuch.resource', 'GET /api/v1/foos'],
  ['nosuch.sub', `GET ${maps}/x/foo`],
  ['method.notallowed', `POST ${maps}/x`, configMap('x')],
  ['put.collection', `PUT ${maps}`, configMap('x')],
  ['notacceptable', `GET ${maps}`, undefined, { accept: 'application/xml' }],
  ['unsupported.media', `POST ${maps}`, 'x', { 'content-type': 'text/plain' }],
  ['bad.json', `POST ${maps}`, '{"a":'],
  ['wrong.kind', `POST ${maps}`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }],
  ['wrong.version', `POST ${maps}`, { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'x' } }],
  ['nokind', `POST ${maps}`, { metadata: { name: 'nokind' }, data: { a: '1' } }],
  ['no.contenttype', `POST ${maps}`, JSON.stringify(configMap('noct')), { 'content-type': null }],
  ['yaml.body', `POST ${maps}`, yaml, { 'content-type': 'application/yaml' }],
  ['yaml.accept', `GET ${maps}/yam`, undefined, asYaml],
  ['ns.mismatch', `POST ${maps}`, configMap('x', {}, { namespace: 'other' })],
  ['name.missing', `POST ${maps}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }],
  ['type.mismatch', `POST ${deployments}`, deployment('tm', { replicas: 'two' })],
  ['unknown.field', `POST ${deployments}`, deployment('uf', { replicaz: 2 })],
  ['unknown.field.strict', `POST ${deployments}?fieldValidation=Strict`, deployment('ufs', { replicaz: 2 })],
  ['unknown.field.warn', `POST ${deployments}?fieldValidation=Warn`, deployment('ufw', { replicaz: 2 })],
  ['invalid.multi', `POST ${deployments}`, { ...deployment('inv'), spec: invalid }],
  ['invalid.labels', `POST ${maps}`, configMap('lab', {}, { labels: { 'bad key!': 'x', ok: 'not ok!' } })],
  ['create.cm', `POST ${maps}`, configMap('c1', { a: '1' }, chosenByTheServer)],
  ['create.rv.set', `POST ${maps}`, configMap('c2', {}, { resourceVersion: '5' })],
  ['create.generate', `POST ${maps}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'gen-' } }],
  ['create.dry', `POST ${maps}?dryRun=All`, configMap('dry')],
  ['create.dry.bad', `POST ${maps}?dryRun=Some`, configMap('dry')],
  ['dry.gone', `GET ${maps}/dry`],
  ['create.manager', `POST ${maps}?fieldManager=me`, configMap('mgr')],
  ['create.manager.ua', `POST ${maps}`, configMap('mgr2'), { 'user-agent': 'my-agent/1.0 (x)' }],
  ['create.deploy', `POST ${deployments}?fieldManager=me`, deployment('d1')],
  ['create.deploy.status', `POST ${deployments}`, { ...deployment('d2'), status: { replicas: 5 } }],
];

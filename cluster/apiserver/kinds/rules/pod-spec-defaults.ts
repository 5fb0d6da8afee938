import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, record, setDefault, setDefaults, textOf } from './set-default.ts';

/** Defaults of a pod's spec, in a pod and in every template of one. */
export function defaultPodSpec(spec: JsonObject): void {
  setDefaults(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
  });
  setDefault(spec, 'securityContext', {});
  if (spec['serviceAccountName'] && !spec['serviceAccount']) spec['serviceAccount'] = spec['serviceAccountName'];
  if (spec['serviceAccount'] && !spec['serviceAccountName']) spec['serviceAccountName'] = spec['serviceAccount'];
  const containers = [
    ...items(spec['initContainers']),
    ...items(spec['containers']),
    ...items(spec['ephemeralContainers']),
  ];
  for (const container of containers) defaultContainer(container);
  if (spec['hostNetwork'] === true) {
    for (const container of containers)
      for (const port of items(container['ports'])) setDefault(port, 'hostPort', port['containerPort']);
  }
  for (const volume of items(spec['volumes'])) defaultVolume(volume);
}

function defaultContainer(container: JsonObject): void {
  setDefaults(container, {
    imagePullPolicy: pullPolicyOf(textOf(container['image'] ?? '')),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of items(container['ports'])) setDefault(port, 'protocol', 'TCP');
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(record(container[probe]));
  const lifecycle = fieldsIn(container['lifecycle']);
  for (const hook of ['postStart', 'preStop']) defaultHttpGet(record(fieldsIn(lifecycle[hook])['httpGet']));
  for (const variable of items(container['env'])) defaultFieldRef(fieldsIn(variable['valueFrom']));
  const resources = record(container['resources']);
  if (resources) defaultRequests(resources);
}

/** A limit without a request asks for as much. */
function defaultRequests(resources: JsonObject): void {
  const limits = record(resources['limits']);
  if (!limits) return;
  const requests = record(resources['requests']) ?? {};
  for (const [name, limit] of Object.entries(limits)) setDefault(requests, name, limit);
  resources['requests'] = requests;
}

/** `Always` for images whose content can change under their name: tag `latest`, or none. */
function pullPolicyOf(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: JsonObject | undefined): void {
  if (!probe) return;
  setDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHttpGet(record(probe['httpGet']));
  const grpc = record(probe['grpc']);
  if (grpc && grpc['service'] === undefined) grpc['service'] = '';
}

function defaultHttpGet(get: JsonObject | undefined): void {
  if (get) setDefaults(get, { path: '/', scheme: 'HTTP' });
}

const readableByAll = 0o644;

function defaultVolume(volume: JsonObject): void {
  for (const kind of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = record(volume[kind]);
    if (source) setDefault(source, 'defaultMode', readableByAll);
  }
  const hostPath = record(volume['hostPath']);
  if (hostPath) hostPath['type'] ??= '';
  defaultDownwardItems(volume['downwardAPI']);
  for (const source of items(fieldsIn(volume['projected'])['sources'])) defaultProjection(source);
  const claim = fieldsIn(fieldsIn(volume['ephemeral'])['volumeClaimTemplate']);
  const spec = record(claim['spec']);
  if (spec) setDefault(spec, 'volumeMode', 'Filesystem');
  const iscsi = record(volume['iscsi']);
  if (iscsi) setDefault(iscsi, 'iscsiInterface', 'default');
  const rbd = record(volume['rbd']);
  if (rbd) setDefaults(rbd, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' });
}

function defaultProjection(source: JsonObject): void {
  const token = record(source['serviceAccountToken']);
  if (token) setDefault(token, 'expirationSeconds', 3600);
  defaultDownwardItems(source['downwardAPI']);
}

function defaultDownwardItems(downward: unknown): void {
  for (const item of items(fieldsIn(downward)['items'])) defaultFieldRef(item);
}

function defaultFieldRef(item: JsonObject): void {
  const fieldRef = record(item['fieldRef']);
  if (fieldRef) setDefault(fieldRef, 'apiVersion', 'v1');
}

/** Defaults of `{metadata, spec}` as controllers hold it. */
export function defaultPodTemplate(template: unknown): void {
  const spec = record(record(template)?.['spec']);
  if (spec) defaultPodSpec(spec);
}

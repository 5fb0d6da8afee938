import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, record, setAbsent, setAbsentAll, setDefault, setDefaults, textOf } from './set-default.ts';

/** Defaults of a pod's spec, in a pod and in every template of one. */
export function defaultPodSpec(spec: JsonObject): void {
  setDefaults(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
  });
  setDefault(spec, 'securityContext', {});
  // the older field follows the newer one
  if (spec['serviceAccountName']) spec['serviceAccount'] = spec['serviceAccountName'];
  else if (spec['serviceAccount']) spec['serviceAccountName'] = spec['serviceAccount'];
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

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const domain =
  '(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?';
const reference = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);

/** `Always` for images whose content can change under their name: tag `latest`, or none. */
function pullPolicyOf(image: string): string {
  if (image.includes('@') || (image && !reference.test(image))) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: JsonObject | undefined): void {
  if (!probe) return;
  setDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHttpGet(record(probe['httpGet']));
  const grpc = record(probe['grpc']);
  if (grpc) grpc['service'] ??= '';
}

function defaultHttpGet(get: JsonObject | undefined): void {
  if (get) setDefaults(get, { path: '/', scheme: 'HTTP' });
}

const readableByAll = 0o644;

/** Defaults of the sources a volume can have. */
const sourceDefaults: Readonly<Record<string, (source: JsonObject) => void>> = {
  secret: (source) => setAbsent(source, 'defaultMode', readableByAll),
  configMap: (source) => setAbsent(source, 'defaultMode', readableByAll),
  downwardAPI(source) {
    setAbsent(source, 'defaultMode', readableByAll);
    defaultDownwardItems(source);
  },
  projected(source) {
    setAbsent(source, 'defaultMode', readableByAll);
    for (const item of items(source['sources'])) defaultProjection(item);
  },
  hostPath: (source) => setAbsent(source, 'type', ''),
  image: (source) => setDefault(source, 'pullPolicy', pullPolicyOf(textOf(source['reference'] ?? ''))),
  iscsi: (source) => setDefault(source, 'iscsiInterface', 'default'),
  rbd: (source) => setDefaults(source, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
  ephemeral(source) {
    const spec = record(fieldsIn(source['volumeClaimTemplate'])['spec']);
    if (spec) setAbsent(spec, 'volumeMode', 'Filesystem');
  },
  azureDisk: (source) =>
    setAbsentAll(source, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }),
  scaleIO: (source) => setDefaults(source, { storageMode: 'ThinProvisioned', fsType: 'xfs' }),
};

/** A volume that comes from nowhere is an empty directory. */
function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume['emptyDir'] = {};
  for (const [kind, setAll] of Object.entries(sourceDefaults)) {
    const source = record(volume[kind]);
    if (source) setAll(source);
  }
}

function defaultProjection(source: JsonObject): void {
  const token = record(source['serviceAccountToken']);
  if (token) setAbsent(token, 'expirationSeconds', 3600);
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

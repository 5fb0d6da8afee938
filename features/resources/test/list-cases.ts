interface ToMake {
  readonly path: string;
  readonly object: {
    readonly metadata: { readonly name: string; readonly [field: string]: unknown };
    readonly [field: string]: unknown;
  };
  readonly status?: object;
}

const space = '/api/v1/namespaces/lists';
const image = 'example.com/app:1';
const template = (app: string, requests: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image, resources: { requests } }] },
});
const workload = (name: string, replicas: number, more: object = {}): ToMake['object'] => ({
  metadata: { name, labels: { app: name }, annotations: { 'kubesphere.io/alias-name': `The ${name}` } },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name), ...more },
});
const pod = (name: string, spec: object, labels: Record<string, string> = {}): ToMake => ({
  path: `${space}/pods`,
  object: {
    metadata: { name, labels },
    spec: { containers: [{ name: 'c', image, resources: { requests: { cpu: '250m' } } }], ...spec },
  },
});
const claim = (name: string, storageClassName: string): ToMake => ({
  path: `${space}/persistentvolumeclaims`,
  object: {
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
  },
});
const storageClass = (name: string, annotations: Record<string, string>): ToMake => ({
  path: '/apis/storage.k8s.io/v1/storageclasses',
  object: { metadata: { name, annotations }, provisioner: `example.com/${name}` },
});
const lamp = (name: string, watts: number): ToMake => ({
  path: '/apis/kinds.test/v1/namespaces/lists/lamps',
  object: {
    apiVersion: 'kinds.test/v1',
    kind: 'Lamp',
    metadata: { name },
    spec: { watts, room: name === 'small' ? 'attic' : 'hall' },
  },
});
const definition = (group: string, plural: string, kind: string): ToMake => ({
  path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  object: {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Watts', type: 'integer', jsonPath: '.spec.watts' },
            { name: 'Room', type: 'string', jsonPath: '.spec.room' },
          ],
        },
      ],
    },
  },
});
const snapshot = (name: string, source: string, status?: object): ToMake => ({
  path: '/apis/snapshot.storage.k8s.io/v1/namespaces/lists/volumesnapshots',
  object: {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name },
    spec: { source: { persistentVolumeClaimName: source }, volumeSnapshotClassName: `class-${name}` },
  },
  ...(status ? { status } : {}),
});

/** What is made, in this order. */
export const kindObjects: readonly ToMake[] = [
  { path: '/api/v1/namespaces', object: { metadata: { name: 'lists' } } },
  definition('kinds.test', 'lamps', 'Lamp'),
  definition('snapshot.storage.k8s.io', 'volumesnapshots', 'VolumeSnapshot'),
  storageClass('fast', { 'storageclass.kubesphere.io/allow-snapshot': 'true' }),
  storageClass('slow', {}),
  claim('used', 'fast'),
  claim('idle', 'slow'),
  { path: '/apis/apps/v1/namespaces/lists/deployments', object: workload('web', 1) },
  { path: '/apis/apps/v1/namespaces/lists/deployments', object: workload('off', 0) },
  { path: '/apis/apps/v1/namespaces/lists/statefulsets', object: workload('db', 1, { serviceName: 'db' }) },
  {
    path: '/apis/apps/v1/namespaces/lists/daemonsets',
    object: {
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
    },
  },
  {
    path: '/apis/batch/v1/namespaces/lists/cronjobs',
    object: {
      metadata: { name: 'nightly' },
      spec: {
        schedule: '0 0 1 1 *',
        suspend: true,
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } } } },
      },
    },
  },
  {
    path: '/apis/batch/v1/namespaces/lists/jobs',
    object: {
      metadata: { name: 'held' },
      spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } } },
    },
  },
  pod(
    'alone',
    { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'used' } }], nodeSelector: { none: 'such' } },
    { app: 'alone' },
  ),
  pod('placed', { nodeName: 'node-1' }, { app: 'placed' }),
  {
    path: `${space}/services`,
    object: { metadata: { name: 'alone' }, spec: { selector: { app: 'alone' }, ports: [{ port: 80 }] } },
  },
  {
    path: `${space}/secrets`,
    object: {
      metadata: { name: 'login' },
      type: 'kubernetes.io/basic-auth',
      stringData: { username: 'u', password: 'p' },
    },
  },
  { path: `${space}/secrets`, object: { metadata: { name: 'plain' }, stringData: { a: 'b' } } },
  { path: `${space}/configmaps`, object: { metadata: { name: 'conf', labels: { tier: 'a' } }, data: { a: '1' } } },
  lamp('small', 5),
  lamp('large', 100),
  snapshot('first', 'used', { readyToUse: true }),
  snapshot('second', 'idle'),
];

/** The kinds of KubeSphere 3.4 and, last, those that only its older API lists. */
export const defined: readonly string[] = [
  'deployments daemonsets statefulsets services configmaps secrets pods serviceaccounts ingresses networkpolicies jobs',
  'applications persistentvolumeclaims volumesnapshots rolebindings roles ippools dashboards federatednamespaces',
  'federateddeployments federatedsecrets federatedconfigmaps federatedservices federatedapplications',
  'federatedpersistentvolumeclaims federatedstatefulsets federatedingresses nodes namespaces persistentvolumes',
  'volumesnapshotclasses volumesnapshotcontents customresourcedefinitions devopsprojects workspaces workspacetemplates',
  'globalroles workspaceroles users globalrolebindings workspacerolebindings loginrecords groups groupbindings',
  'clusterroles clusterrolebindings clusters notificationmanagers configs receivers routers silences clusterdashboards',
  'cronjobs horizontalpodautoscalers storageclasses s2ibuilders s2ibuildertemplates s2iruns',
].flatMap((line) => line.split(' '));

const at = '/namespaces/lists';
const byName = 'sortBy=name&ascending=true';

/** Lists of what was made above, each with the names it has to answer, in order. */
export const listCases: readonly { path: string; names: string[]; why: string }[] = [
  { path: `${at}/deployments?status=running`, names: ['web'], why: 'all wanted are ready' },
  { path: `${at}/deployments?status=stopped`, names: ['off'], why: 'none is wanted' },
  { path: `${at}/deployments?alias=The+w`, names: ['web'], why: 'part of the display name' },
  {
    path: `${at}/deployments?annotation=kubesphere.io/alias-name&${byName}`,
    names: ['off', 'web'],
    why: 'an annotation that is there',
  },
  { path: `${at}/deployments?sortBy=desired`, names: ['web', 'off'], why: 'by a column that kubectl prints' },
  { path: `${at}/statefulsets?status=running`, names: ['db'], why: 'of stateful sets too' },
  { path: `${at}/daemonsets?status=running`, names: ['agent'], why: 'of daemon sets too' },
  { path: `${at}/jobs?status=running`, names: ['held'], why: 'a job that has not ended' },
  { path: `${at}/jobs?status=completed`, names: [], why: 'nor completed' },
  { path: `${at}/cronjobs?status=paused`, names: ['nightly'], why: 'suspended' },
  { path: `${at}/pods?nodeName=node-1&names=placed,alone`, names: ['placed'], why: 'pods of a node' },
  { path: `${at}/pods?phase=Pending`, names: ['alone'], why: 'pods by phase' },
  { path: `${at}/pods?status=Waiting`, names: ['alone'], why: 'pods by the class of their status' },
  { path: `${at}/pods?pvcName=used`, names: ['alone'], why: 'pods that mount a claim' },
  { path: `${at}/pods?serviceName=alone`, names: ['alone'], why: 'pods that a service selects' },
  { path: `${at}/pods?serviceName=none`, names: [], why: 'a service that is not there' },
  { path: `${at}/pods?label=app%3Dplaced`, names: ['placed'], why: 'by label, under its other name' },
  { path: `${at}/pods?ownerKind=StatefulSet`, names: ['db-0'], why: 'by the kind of the owner' },
  { path: '/pods?namespace=lists&names=alone', names: ['alone'], why: 'a namespace as a filter of the cluster' },
  { path: `${at}/secrets?type=kubernetes.io/basic-auth`, names: ['login'], why: 'secrets by type' },
  { path: `${at}/secrets?fieldSelector=type%21%3DOpaque&name=log`, names: ['login'], why: 'by a field that is not' },
  { path: `${at}/configmaps?labelSelector=tier+in+(a,b)`, names: ['conf'], why: 'a label selector with a list' },
  { path: `${at}/persistentvolumeclaims?storageClassName=fast`, names: ['used'], why: 'claims by class' },
  { path: `${at}/persistentvolumeclaims?status=Pending&${byName}`, names: ['idle', 'used'], why: 'claims by phase' },
  { path: '/storageclasses?name=slo', names: ['slow'], why: 'a kind of the older API' },
  { path: `${at}/volumesnapshots?status=ready`, names: ['first'], why: 'snapshots by status' },
  { path: `${at}/volumesnapshots?status=creating`, names: ['second'], why: 'one that is being made' },
  { path: `${at}/volumesnapshots?persistentVolumeClaimName=idle`, names: ['second'], why: 'snapshots of a claim' },
  { path: `${at}/volumesnapshots?volumeSnapshotClassName=class-first`, names: ['first'], why: 'snapshots of a class' },
  { path: `${at}/volumesnapshots?readyToUse=true`, names: ['first'], why: 'snapshots that can be used' },
  {
    path: `${at}/lamps?sortBy=watts&ascending=true`,
    names: ['small', 'large'],
    why: 'any custom resource, by a printed column, as a number',
  },
  { path: `${at}/lamps?sortBy=room&ascending=true`, names: ['small', 'large'], why: 'by a printed text' },
  { path: `${at}/lamps?fieldSelector=spec.room%3Dhall`, names: ['large'], why: 'by a field' },
  { path: '/namespaces?status=Active&name=lists', names: ['lists'], why: 'namespaces by phase' },
  { path: '/customresourcedefinitions?name=lamps.', names: ['lamps.kinds.test'], why: 'definitions' },
];

/** Lists of what the platform itself brings. */
export const platformCases: readonly {
  path: string;
  includes: readonly string[];
  excludes?: readonly string[];
  why: string;
}[] = [
  { path: '/users?globalrole=platform-admin', includes: ['admin'], why: 'users by the role they have on the platform' },
  { path: '/users?email=admin@freehold.local', includes: ['admin'], why: 'users by address' },
  {
    path: '/users?cluster=true&clusterrole=none',
    includes: [],
    excludes: ['admin'],
    why: 'users by their role on the cluster',
  },
  {
    path: '/globalroles?aggregateTo=platform-admin',
    includes: ['role-template-view-users'],
    excludes: ['platform-admin'],
    why: 'what a role is made of',
  },
  { path: '/workspacetemplates', includes: ['system-workspace'], why: 'workspaces' },
  { path: '/nodes?status=running', includes: [], why: 'nodes by status' },
  { path: '/clusterroles?name=cluster-admin', includes: ['cluster-admin'], why: 'roles of the cluster' },
];

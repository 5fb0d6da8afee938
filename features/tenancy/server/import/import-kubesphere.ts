import {
  annotations,
  iamTypes,
  labels,
  userFinalizer,
  type BindingObject,
  type UserObject,
} from '@feature/iam/contract';
import { isApiError, ApiError } from '@kit/base';
import { kinds, type KubeClient, type KubeObject, type ResourceType } from '@kit/kube';
import { quotaType, tenancyTypes } from '../../contract/index.ts';
import { ImportNotes, type ImportReport } from './import-report.ts';
import { takeConfig } from './kubesphere-config.ts';

export interface ImportSource {
  /** A cluster that KubeSphere 3.4 runs on. */
  readonly from: KubeClient;
  /** The cluster Freehold runs on; the same one is managed as it stands. */
  readonly to: KubeClient;
  readonly dryRun: boolean;
}

/** What is taken over, in the order in which it can be written: whoever is named must be there first. */
const taken: readonly ResourceType[] = [
  iamTypes.users,
  iamTypes.roleBases,
  iamTypes.globalRoles,
  iamTypes.globalRoleBindings,
  tenancyTypes.workspaceTemplates,
  iamTypes.workspaceRoles,
  iamTypes.workspaceRoleBindings,
  iamTypes.groups,
  iamTypes.groupBindings,
  quotaType,
];

const regoAnnotation = 'iam.kubesphere.io/rego-override';
/** The parts of a KubeSphere that are its own copies of something above, or that Freehold makes itself. */
const derived = new Set(['workspaces.tenant.kubesphere.io', 'loginrecords.iam.kubesphere.io']);

async function listOf(kube: KubeClient, type: ResourceType, labelSelector?: string): Promise<KubeObject[]> {
  try {
    return (await kube.list(type, labelSelector ? { labelSelector } : {})).items;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return []; // the cluster does not know the kind
    throw error;
  }
}

/** The object without what only the cluster it comes from knows. Who was disabled stays so; a lock is left behind. */
function portable(object: KubeObject, type: ResourceType): KubeObject {
  const { name, namespace, labels: own, annotations: notes } = object.metadata;
  const { status, ...rest } = object;
  const isUser = type === iamTypes.users;
  const isDisabled = isUser && (status as UserObject['status'])?.state === 'Disabled'; // cast: the type says so
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(own ? { labels: own } : {}),
    ...(notes ? { annotations: notes } : {}),
    ...(isUser ? { finalizers: [userFinalizer] } : {}),
  };
  return { ...rest, metadata, ...(isDisabled ? { status } : {}) };
}

/** What of an object Freehold reads differently, as a sentence. */
function differenceOf(object: KubeObject): string | undefined {
  if (object.metadata.annotations?.[regoAnnotation])
    return 'its Rego policy is not evaluated: the role grants its rules and nothing more';
  return undefined;
}

/** Why an object cannot be taken: it would give rights to whoever comes under a name, or hide whose an address is. */
function obstacleOf({ users, emails }: Run, type: ResourceType, object: KubeObject): string | undefined {
  if (type === iamTypes.users) {
    const { email } = (object as UserObject).spec; // cast: the type says so
    const owner = emails.get(email.toLowerCase());
    return owner === undefined || owner === object.metadata.name
      ? undefined
      : `user "${owner}" has the e-mail address "${email}"`;
  }
  const { subjects = [], users: members = [] } = object as Partial<BindingObject> & { users?: string[] }; // cast: of all kinds taken, only bindings have people
  const named = subjects.filter(({ kind }) => kind === 'User').map((subject) => subject.name);
  const missing = [...named, ...members].find((name) => !name.startsWith('system:') && !users.has(name));
  return missing === undefined ? undefined : `it binds user "${missing}", who does not exist`;
}

interface Run extends ImportSource {
  readonly notes: ImportNotes;
  readonly isSame: boolean;
  /** Who is in the target, or will be. */
  readonly users: Set<string>;
  /** Whose an address is there. */
  readonly emails: Map<string, string>;
}

/** Writes an object; what the target says when it does not take it. A target that fails ends the import. */
async function refusalOf({ to, dryRun }: Run, type: ResourceType, object: KubeObject): Promise<ApiError | undefined> {
  try {
    await to.create(type, portable(object, type), { dryRun, fieldManager: 'freehold-import' });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code >= 500) throw error;
    // In a dry run the namespace an object belongs to is not made.
    return dryRun && error.reason === 'NotFound' ? undefined : error;
  }
}

function remember({ users, emails }: Pick<Run, 'users' | 'emails'>, { metadata, spec }: UserObject): void {
  users.add(metadata.name);
  const email = spec.email.toLowerCase();
  if (!emails.has(email)) emails.set(email, metadata.name);
}

const lineNameOf = (type: ResourceType): string =>
  type.kind === 'ResourceQuota' && !type.namespaced ? 'workspace quotas' : type.plural;

async function takeOne(run: Run, type: ResourceType, object: KubeObject): Promise<void> {
  const line = run.notes.of(lineNameOf(type));
  const { name: plain, namespace } = object.metadata;
  const name = namespace === undefined ? plain : `${namespace}/${plain}`;
  const obstacle = obstacleOf(run, type, object);
  // What stands in the same cluster stands: it can only be said.
  if (obstacle) return void (run.isSame ? line.changed : line.unsupported).push({ name, why: obstacle });
  const refusal = run.isSame ? undefined : await refusalOf(run, type, object);
  if (refusal?.reason === 'AlreadyExists') return void line.present.push(name);
  if (refusal) return void line.unsupported.push({ name, why: refusal.message });
  if (type === iamTypes.users) remember(run, object as UserObject); // cast: the type says so
  const why = differenceOf(object);
  if (why) line.changed.push({ name, why });
  else line.taken.push(name);
}

/** Projects, and the roles and bindings in them that are not the platform's own. */
async function takeProjects(run: Run): Promise<void> {
  const projects = await listOf(run.from, kinds.namespaces, labels.workspace);
  for (const project of projects) {
    const { name, labels: own, annotations: notes } = project.metadata;
    const metadata = { name, ...(own ? { labels: own } : {}), ...(notes ? { annotations: notes } : {}) };
    await takeOne(run, kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
    for (const type of [kinds.roles, kinds.rolebindings]) {
      const { items } = await run.from.list(type, { namespace: name });
      for (const object of items.filter(isOfPeople)) await takeOne(run, type, object);
    }
  }
}

/** Of roles and bindings in places that have others, too: those that people made, or that are about people and their groups. */
function isOfPeople({ metadata: { labels: own = {}, annotations: notes = {} } }: KubeObject): boolean {
  const creator = notes[annotations.creator];
  const isMade = creator !== undefined && creator !== 'system';
  return own[labels.userRef] !== undefined || own[labels.groupRef] !== undefined || isMade;
}

/** Roles of the cluster that people made, and who has a role of the cluster. */
async function takeClusterRoles(run: Run): Promise<void> {
  for (const type of [iamTypes.clusterRoles, iamTypes.clusterRoleBindings])
    for (const object of (await listOf(run.from, type)).filter(isOfPeople)) await takeOne(run, type, object);
}

interface Definition extends KubeObject {
  spec: {
    group: string;
    names: { kind: string; plural: string };
    scope: string;
    versions: { name: string; served: boolean; storage: boolean }[];
  };
}

/** Everything else that KubeSphere's own kinds hold: said by name, never touched. */
async function noteOthers({ from, notes }: Run): Promise<void> {
  const known = new Set(taken.map(({ plural, group }) => `${plural}.${group}`));
  const definitions = (await listOf(from, kinds.customresourcedefinitions)) as Definition[]; // cast: objects of that kind
  for (const { metadata, spec } of definitions) {
    if (!spec.group.endsWith('kubesphere.io') || known.has(metadata.name) || derived.has(metadata.name)) continue;
    const version = spec.versions.find(({ storage }) => storage)?.name ?? '';
    const { kind, plural } = spec.names;
    const type = { group: spec.group, version, kind, plural, namespaced: spec.scope === 'Namespaced' };
    for (const { metadata: found } of await listOf(from, type)) {
      const name = found.namespace === undefined ? found.name : `${found.namespace}/${found.name}`;
      notes
        .of(metadata.name)
        .unsupported.push({ name, why: 'Freehold has no such kind; the object stays where it is' });
    }
  }
}

/**
 * Reads what a KubeSphere 3.4 knows of people, roles and tenants, writes what is not there yet, and says of every object
 * what became of it. Nothing is changed that exists, and nothing is deleted; it can be repeated.
 */
export async function importKubeSphere(source: ImportSource): Promise<ImportReport> {
  const users = await listOf(source.from, iamTypes.users);
  if (users.length === 0)
    throw new ApiError('NotFound', `${source.from.server} has no users of KubeSphere: is it the right cluster?`);
  const notes = new ImportNotes();
  const isSame = source.from.server === source.to.server;
  const run: Run = { ...source, notes, isSame, users: new Set(), emails: new Map() };
  for (const user of await listOf(source.to, iamTypes.users)) remember(run, user as UserObject); // cast: objects of that kind
  for (const type of taken) {
    const objects = type === iamTypes.users ? users : await listOf(source.from, type);
    for (const object of objects) await takeOne(run, type, object);
  }
  await takeClusterRoles(run);
  await takeProjects(run);
  await takeConfig(run);
  await noteOthers(run);
  return notes.report;
}

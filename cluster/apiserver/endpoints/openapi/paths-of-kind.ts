import type { Json, JsonObject } from '../../schema/schema.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';

const text = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
const flag = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'boolean', uniqueItems: true } });
const whole = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'integer', uniqueItems: true } });

const listParameters = [
  flag('allowWatchBookmarks'),
  text('continue'),
  text('fieldSelector'),
  text('labelSelector'),
  whole('limit'),
  text('resourceVersion'),
  text('resourceVersionMatch'),
  flag('sendInitialEvents'),
  whole('timeoutSeconds'),
  flag('watch'),
];
// kubectl reads off a PATCH whether the server validates fields and dry-runs
const writeParameters = [text('dryRun'), text('fieldManager'), text('fieldValidation')];
const deleteParameters = [
  text('dryRun'),
  whole('gracePeriodSeconds'),
  flag('orphanDependents'),
  text('propagationPolicy'),
];

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

interface Operation {
  readonly method: string;
  readonly verb: string;
  readonly action: string;
  readonly parameters: readonly JsonObject[];
}

const onCollection: readonly Operation[] = [
  { method: 'get', verb: 'list', action: 'list', parameters: listParameters },
  { method: 'post', verb: 'create', action: 'post', parameters: writeParameters },
  {
    method: 'delete',
    verb: 'deletecollection',
    action: 'deletecollection',
    parameters: [...listParameters.slice(1, 8), ...deleteParameters],
  },
];
const onWatch: readonly Operation[] = [{ method: 'get', verb: 'watch', action: 'watch', parameters: listParameters }];
const onObject: readonly Operation[] = [
  { method: 'get', verb: 'get', action: 'get', parameters: [] },
  { method: 'put', verb: 'update', action: 'put', parameters: writeParameters },
  { method: 'patch', verb: 'patch', action: 'patch', parameters: [...writeParameters, flag('force')] },
  { method: 'delete', verb: 'delete', action: 'delete', parameters: deleteParameters },
];

const onPart: readonly Operation[] = [
  ...onObject,
  { method: 'post', verb: 'create', action: 'post', parameters: writeParameters },
];

/** Subresources that are connections into a pod or node, with the methods that open one. */
const connections: Readonly<Record<string, readonly string[]>> = {
  attach: ['get', 'post'],
  exec: ['get', 'post'],
  portforward: ['get', 'post'],
  proxy: ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'],
};

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export interface SchemaNames {
  /** The reference to the schema of a kind, in the form of the document. */
  reference(name: string): JsonObject;
  /** The name of a kind's own schema in the document. */
  own: string;
  /** The name of the schema of its list, where the document has one. */
  list: string | undefined;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** What programs that are generated from the document call their functions. */
const words: Readonly<Record<string, string>> = {
  get: 'read',
  put: 'replace',
  post: 'create',
  deletecollection: 'delete',
};

function operationId(
  kind: KindInfo,
  { action, method, isNamed }: Operation & { isNamed: boolean },
  part: string,
): string {
  const group = kind.group === '' ? 'Core' : capital(kind.group.split('.')[0] ?? '');
  const many = action === 'deletecollection' ? 'Collection' : '';
  const where = kind.namespaced && isNamed ? 'Namespaced' : '';
  const suffix = kind.namespaced && !isNamed ? 'ForAllNamespaces' : '';
  const how = action === 'connect' ? capital(method) : '';
  return `${words[action] ?? action}${group}${capital(kind.version)}${how}${many}${where}${kind.kind}${capital(part)}${suffix}`;
}

function body(kind: KindInfo, operation: Operation, names: SchemaNames): JsonObject {
  if (operation.method === 'patch') {
    const schema = names.reference(`${meta}.Patch`);
    const types = patchTypes.filter((type) => kind.builtin || !type.includes('strategic'));
    return { requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])), required: true } };
  }
  if (operation.method === 'post' || operation.method === 'put') {
    return { requestBody: { content: { '*/*': { schema: names.reference(names.own) } }, required: true } };
  }
  if (operation.method === 'delete')
    return { requestBody: { content: { '*/*': { schema: names.reference(`${meta}.DeleteOptions`) } } } };
  return {};
}

const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** What an operation answers with, where it is not the object itself. */
function answerName({ action, verb }: Operation, names: SchemaNames): string {
  if (action === 'watch') return `${meta}.WatchEvent`;
  if (action === 'list') return names.list ?? names.own;
  return verb === 'deletecollection' || verb === 'delete' ? `${meta}.Status` : names.own;
}

function answers(kind: KindInfo, operation: Operation, names: SchemaNames): JsonObject {
  const { action } = operation;
  const name = answerName(operation, names);
  const schema = names.reference(name);
  const content = Object.fromEntries(
    (kind.builtin ? mediaTypes : mediaTypes.slice(0, 2)).map((type) => [type, { schema }]),
  );
  const made = action === 'post' || action === 'put' || action === 'patch';
  return {
    '200': { description: 'OK', content },
    ...(made && { '201': { description: 'Created', content } }),
    ...(action === 'post' && { '202': { description: 'Accepted', content } }),
    '401': { description: 'Unauthorized' },
  };
}

interface At {
  readonly inPath: readonly string[];
  readonly part?: string;
}

function describe(kind: KindInfo, at: At & { operation: Operation }, names: SchemaNames): JsonObject {
  const { operation, inPath, part = '' } = at;
  const { group, version } = kind;
  return {
    operationId: operationId(kind, { ...operation, isNamed: inPath.includes('namespace') }, part),
    tags: [`${group === '' ? 'core' : group.replaceAll('.', '_')}_${version}`],
    parameters: [...operation.parameters] as Json[], // plain JSON
    ...body(kind, operation, names),
    responses: answers(kind, operation, names),
    'x-kubernetes-action': operation.action,
    'x-kubernetes-group-version-kind': { group, version, kind: kind.kind },
  };
}

const pathParameter = (name: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

function item(
  kind: KindInfo,
  at: At & { operations: readonly Operation[]; verbs: readonly string[] },
  names: SchemaNames,
): JsonObject {
  const served = at.operations.filter(({ verb }) => at.verbs.includes(verb));
  const operations = served.map(
    (operation) => [operation.method, describe(kind, { ...at, operation }, names)] as const,
  );
  return { ...Object.fromEntries(operations), parameters: [...at.inPath.map(pathParameter), text('pretty')] };
}

type Add = (path: string, operations: readonly Operation[], more: At & { verbs: readonly string[] }) => void;

function addConnection(add: Add, path: string, at: At & { methods: readonly string[]; part: string }): void {
  const { methods, inPath, part } = at;
  const connect = methods.map((method) => ({ method, verb: 'connect', action: 'connect', parameters: [] }));
  const verbs = ['connect'];
  add(path, connect, { verbs, inPath, part });
  if (part === 'proxy') add(`${path}/{path}`, connect, { verbs, inPath: [...inPath, 'path'], part: 'proxyWithPath' });
}

/** Every path of a kind, each with what can be done there. */
export function pathsOfKind(kind: KindInfo, names: SchemaNames): JsonObject {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
  const inPath = kind.namespaced ? ['namespace'] : [];
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.resource}` : `${root}/${kind.resource}`;
  const paths: JsonObject = {};
  const { verbs } = kind;
  const add: Add = (path, operations, more) => {
    if (operations.some(({ verb }) => more.verbs.includes(verb)))
      paths[path] = item(kind, { operations, ...more }, names);
  };
  const everywhere = `${root}/${kind.resource}`;
  const named = [...inPath, 'name'];
  if (kind.namespaced) add(everywhere, onCollection.slice(0, 1), { verbs, inPath: [] });
  add(collection, onCollection, { verbs, inPath });
  add(`${collection}/{name}`, onObject, { verbs, inPath: named });
  for (const part of kind.subresources) {
    const path = `${collection}/{name}/${part.name}`;
    const methods = connections[part.name];
    if (methods) addConnection(add, path, { methods, inPath: named, part: part.name });
    else add(path, onPart, { verbs: part.verbs, inPath: named, part: part.name });
  }
  if (!kind.builtin) return paths;
  const watched = (path: string): string => path.replace(root, `${root}/watch`);
  add(watched(everywhere), onWatch, { verbs, inPath: [], part: 'List' });
  add(watched(collection), onWatch, { verbs, inPath, part: 'List' });
  add(watched(`${collection}/{name}`), onWatch, { verbs, inPath: named });
  return paths;
}

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
const onObject: readonly Operation[] = [
  { method: 'get', verb: 'get', action: 'get', parameters: [] },
  { method: 'put', verb: 'update', action: 'put', parameters: writeParameters },
  { method: 'patch', verb: 'patch', action: 'patch', parameters: [...writeParameters, flag('force')] },
  { method: 'delete', verb: 'delete', action: 'delete', parameters: deleteParameters },
];

export interface SchemaNames {
  /** The reference to the schema of a kind, in the form of the document. */
  reference(name: string): JsonObject;
  /** The name of a kind's own schema in the document. */
  own: string;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function operationId(kind: KindInfo, action: string, namespaced: boolean): string {
  const group = kind.group === '' ? 'Core' : capital(kind.group.split('.')[0] ?? '');
  return `${action}${group}${capital(kind.version)}${namespaced ? 'Namespaced' : ''}${kind.kind}`;
}

function body(kind: KindInfo, operation: Operation, names: SchemaNames): JsonObject {
  if (operation.method === 'patch') {
    const schema = names.reference('io.k8s.apimachinery.pkg.apis.meta.v1.Patch');
    const types = patchTypes.filter((type) => kind.builtin || !type.includes('strategic'));
    return { requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])), required: true } };
  }
  if (operation.method === 'post' || operation.method === 'put') {
    return { requestBody: { content: { '*/*': { schema: names.reference(names.own) } }, required: true } };
  }
  return {};
}

function describe(kind: KindInfo, operation: Operation, names: SchemaNames): JsonObject {
  const { group, version } = kind;
  return {
    operationId: operationId(kind, operation.action, kind.namespaced),
    tags: [`${group === '' ? 'core' : group.replaceAll('.', '_')}_${version}`],
    parameters: [...operation.parameters] as Json[], // plain JSON
    ...body(kind, operation, names),
    responses: {
      '200': { description: 'OK', content: { 'application/json': { schema: names.reference(names.own) } } },
    },
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
  at: { operations: readonly Operation[]; verbs: readonly string[]; inPath: readonly string[] },
  names: SchemaNames,
): JsonObject {
  const served = at.operations.filter(({ verb }) => at.verbs.includes(verb));
  const operations = served.map((operation) => [operation.method, describe(kind, operation, names)] as const);
  return { ...Object.fromEntries(operations), parameters: [...at.inPath.map(pathParameter), text('pretty')] };
}

/** Every path of a kind, each with what can be done there. */
export function pathsOfKind(kind: KindInfo, names: SchemaNames): JsonObject {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
  const inPath = kind.namespaced ? ['namespace'] : [];
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.resource}` : `${root}/${kind.resource}`;
  const paths: JsonObject = {};
  const { verbs } = kind;
  const add = (
    path: string,
    operations: readonly Operation[],
    more: { verbs: readonly string[]; inPath: readonly string[] },
  ): void => {
    if (operations.some(({ verb }) => more.verbs.includes(verb)))
      paths[path] = item(kind, { operations, ...more }, names);
  };
  if (kind.namespaced) add(`${root}/${kind.resource}`, onCollection.slice(0, 1), { verbs, inPath: [] });
  add(collection, onCollection, { verbs, inPath });
  add(`${collection}/{name}`, onObject, { verbs, inPath: [...inPath, 'name'] });
  for (const part of kind.subresources) {
    add(`${collection}/{name}/${part.name}`, onObject, { verbs: part.verbs, inPath: [...inPath, 'name'] });
  }
  return paths;
}

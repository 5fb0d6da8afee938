import { ApiError } from '@kit/base';

/** A request below `/api` or `/apis`, read: where it goes on the cluster, and what it is about. */
export interface KubeTarget {
  /** The cluster named in the path; `undefined` when none is. */
  readonly cluster: string | undefined;
  /** The path on the API server: without the cluster, and without KubeSphere's old `watch` part. */
  readonly path: string;
  readonly params: URLSearchParams;
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  /** `undefined` for discovery paths such as `/apis/apps/v1`. */
  readonly resource: string | undefined;
  readonly name: string | undefined;
  /** The rest of the path, e.g. `exec` or `proxy/index.html`. */
  readonly subresource: string | undefined;
  readonly isWatch: boolean;
}

/** Parameters that exec and attach may repeat; any other one, repeated, could be read differently by two readers. */
const repeatable = new Set(['command']);

function paramsOf(search: string): URLSearchParams {
  const params = new URLSearchParams(search);
  for (const name of new Set(params.keys())) {
    if (repeatable.has(name) || params.getAll(name).length === 1) continue;
    throw new ApiError('BadRequest', `the parameter "${name}" is given more than once`);
  }
  return params;
}

interface Split {
  readonly cluster: string | undefined;
  readonly parts: readonly string[];
}

/** Takes the cluster off: in front (`/clusters/c/apis/…`) or behind the prefix (`/apis/clusters/c/…`), as KubeSphere 3.4 has both. */
function withoutCluster(parts: readonly string[]): Split {
  const [first, second, third] = parts;
  if (first === 'clusters') return { cluster: second, parts: parts.slice(2) };
  if (second === 'clusters') return { cluster: third, parts: [first ?? '', ...parts.slice(3)] };
  return { cluster: undefined, parts };
}

/** The name that a field selector like `metadata.name=x` is for, as the old watch path has it in the path. */
function selectName(params: URLSearchParams, name: string): void {
  const given = params.get('fieldSelector');
  params.set('fieldSelector', [given, `metadata.name=${name}`].filter(Boolean).join(','));
}

function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1';
}

/** What stands behind group and version: a namespace if there is one, then resource, name and the rest. */
function placeOf(parts: readonly string[]): Pick<KubeTarget, 'namespace' | 'resource' | 'name' | 'subresource'> {
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2] ?? '');
  const [resource, name, ...rest] = inNamespace ? parts.slice(2) : parts;
  const namespace = inNamespace ? parts[1] : resource === 'namespaces' ? name : undefined;
  return { namespace, resource, name, subresource: rest.length > 0 ? rest.join('/') : undefined };
}

function pathOf(parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** The old form of a watch, `/api/v1/watch/pods`, in today's: a list with `watch=true`. */
function fromOldWatch(parts: readonly string[], head: number, params: URLSearchParams): readonly string[] {
  if (parts[head] !== 'watch') return parts;
  const behind = parts.slice(head + 1);
  const { name } = placeOf(behind);
  params.set('watch', 'true');
  if (name !== undefined) selectName(params, name);
  return [...parts.slice(0, head), ...(name === undefined ? behind : behind.slice(0, -1))];
}

/** Reads a request target; throws `BadRequest` for one that could mean two things. */
export function kubeTarget(url: string): KubeTarget {
  // Everything behind the first question mark, as authorization reads it: another one is part of a value.
  const mark = url.indexOf('?');
  const [rawPath, search] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const params = paramsOf(search);
  const { cluster, parts: given } = withoutCluster(rawPath.split('/').slice(1).map(decodeURIComponent));
  const isCore = given[0] === 'api';
  const head = isCore ? 2 : 3;
  const parts = fromOldWatch(given, head, params);
  const place = placeOf(parts.slice(head));
  return {
    cluster,
    path: pathOf(parts),
    params,
    group: isCore ? '' : (parts[1] ?? ''),
    version: parts[head - 1] ?? '',
    ...place,
    isWatch: isTrue(params.get('watch')) && place.name === undefined,
  };
}

/** Subresources that give a way into a pod, node or service; reading rights are not enough for them. */
const connecting = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** Whether the request opens a way into something that runs. */
export function isConnecting({ subresource }: KubeTarget): boolean {
  return connecting.has(subresource?.split('/', 1)[0] ?? '');
}

import { ApiError } from '@kit/base';

/** What a path below a pod names, and its parameters. */
export interface PodPath {
  readonly namespace: string;
  readonly pod: string;
  readonly params: URLSearchParams;
}

/** Reads `/kapis/GROUP/VERSION/namespaces/N/pods/P/WHAT`; any other path below the prefix is not found. */
export function placeOf(url: string, what: string): PodPath {
  const mark = `${url}?`.indexOf('?');
  const path = url.slice(0, mark);
  const [, namespace, pod, last] =
    /^\/kapis\/[^/]+\/[^/]+\/namespaces\/([^/]+)\/pods\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (!namespace || !pod || last !== what) {
    throw new ApiError(
      'NotFound',
      `there is nothing at "${path}"; it would be .../namespaces/NAMESPACE/pods/POD/${what}`,
    );
  }
  const params = new URLSearchParams(url.slice(mark + 1));
  return { namespace: decodeURIComponent(namespace), pod: decodeURIComponent(pod), params };
}

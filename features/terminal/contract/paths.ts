const kubesphere = '/kapis/terminal.kubesphere.io/v1alpha2';
const own = '/kapis/terminal.freehold.io/v1alpha1';

interface PodPlace {
  readonly namespace: string;
  readonly pod: string;
}

function below(base: string, { namespace, pod }: PodPlace): string {
  return `${base}/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
}

/** A shell in a container; a WebSocket, with `container` and `shell` as parameters. */
export function podShellPath(at: PodPlace): string {
  return `${below(kubesphere, at)}/exec`;
}

/** A shell on a node; a WebSocket. */
export function nodeShellPath(node: string): string {
  return `${kubesphere}/nodes/${encodeURIComponent(node)}/exec`;
}

/** The files of a folder of a container: GET with `container` and `path`. */
export function fileListPath(at: PodPlace): string {
  return `${below(own, at)}/files`;
}

/** One file of a container: GET and PUT its bytes, with `container` and `path`; a folder is got as a tar archive. */
export function filePath(at: PodPlace): string {
  return `${below(own, at)}/file`;
}

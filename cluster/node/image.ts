import { createHash } from 'node:crypto';

function nameParts(image: string): { host: string; tag: string } {
  const [first = '', ...rest] = image.split('/');
  const host = rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : '';
  const tag = /:([\w.-]+)$/.exec(image.slice(host.length))?.[1] ?? 'latest';
  return { host, tag };
}

/** Why this image can never be pulled, in the words of a container runtime; undefined when it can. */
export function pullProblem(image: string): string | undefined {
  const { host, tag } = nameParts(image);
  const failed = `failed to pull and unpack image "${image}": failed to resolve image`;
  if (host.replace(/:\d+$/, '').endsWith('.invalid')) return `${failed}: dial tcp: lookup ${host}: no such host`;
  if (tag === 'does-not-exist') return `${failed}: ${image}: not found`;
  return undefined;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A digest that is always the same for the same reference. */
export function imageId(image: string): string {
  return `sha256:${digestOf(image)}`;
}

/** Between 5 and 205 MB, always the same for the same reference. */
export function imageSizeBytes(image: string): number {
  return 5_000_000 + (Number.parseInt(digestOf(image).slice(0, 8), 16) % 200_000_000);
}

/** The identity of one run of a container. */
export function containerId(podUid: string, container: string, restartCount: number): string {
  return `simulated://${digestOf(`${podUid}/${container}/${restartCount}`)}`;
}

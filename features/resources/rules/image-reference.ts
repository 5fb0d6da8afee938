import { ApiError } from '@kit/base';

/** Where an image is: the server that is asked, and what of it. */
export interface ImageReference {
  /** As it stands in names: `docker.io`, `registry.example.com:5000`. */
  readonly registry: string;
  readonly repository: string;
  /** A tag, or a digest such as `sha256:…`. */
  readonly reference: string;
}

const hub = 'docker.io';
const repositoryForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const referenceForm = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|sha256:[0-9a-f]{64})$/;
const registryForm = /^(?:[a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

function wrong(image: string): ApiError {
  return new ApiError('BadRequest', `"${image}" is no name of an image; write registry/repository:tag`);
}

/** The registry is what stands before the first slash, if that can be a host. */
function cutRegistry(name: string): [registry: string, rest: string] {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return isHost ? [first, name.slice(slash + 1)] : [hub, name];
}

function cutTag(name: string): [repository: string, tag: string] {
  const colon = name.lastIndexOf(':');
  return colon < 0 ? [name, 'latest'] : [name.slice(0, colon), name.slice(colon + 1)];
}

/** Reads an image's name as container engines do: without a registry it is Docker Hub's, without a tag `latest`. */
export function imageReference(image: string): ImageReference {
  const [name = '', digest] = image.trim().split('@', 2);
  const [registry, rest] = cutRegistry(name);
  const [repository, tag] = cutTag(rest);
  const full = registry === hub && !repository.includes('/') ? `library/${repository}` : repository;
  const reference = digest ?? tag;
  const fits =
    full.length <= 255 && repositoryForm.test(full) && referenceForm.test(reference) && registryForm.test(registry);
  if (!fits) throw wrong(image);
  return { registry, repository: full, reference };
}

/** The server of a registry; Docker Hub's has another name. */
export function registryHost(registry: string): string {
  return registry === hub || registry === 'index.docker.io' ? 'registry-1.docker.io' : registry;
}

import { ApiError } from '@kit/base';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** The longest suffix a workspace's name gets, in its roles' names and labels. */
const longestRole = '-self-provisioner';
const longestName = 63;

/** Namespaces of the cluster itself: nobody's projects. */
const reserved = /^(kube|kubesphere)-/;

function problemOf(name: string, longest: number): string | undefined {
  if (name === '') return 'a name is needed';
  if (name.length > longest)
    return `"${name.slice(0, 20)}…" has ${name.length} characters; at most ${longest} are allowed`;
  if (label.test(name)) return undefined;
  return `"${name}" must be lower-case letters, digits and "-", and must start and end with a letter or digit`;
}

/** What is wrong with the name of a new workspace, as a sentence; `undefined` when nothing is. */
export function workspaceNameProblem(name: string): string | undefined {
  return problemOf(name, longestName - longestRole.length);
}

/** What is wrong with the name of a new project, as a sentence; `undefined` when nothing is. */
export function projectNameProblem(name: string): string | undefined {
  if (reserved.test(name)) return `"${name}" begins with "kube-" or "kubesphere-", which is kept for the system`;
  return problemOf(name, longestName);
}

/** Throws `Invalid` on `metadata.name` if there is a problem. */
export function refuseName(kind: string, name: string, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new ApiError('Invalid', `${kind} name: ${problem}`, {
    details: { kind, name, causes: [{ field: 'metadata.name', reason: 'FieldValueInvalid', message: problem }] },
  });
}

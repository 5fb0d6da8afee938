const known = ['bash', 'sh', 'ash'] as const;

/** The shells to try in a container, the wanted one first; another than those we know is not started. */
export function shellsToTry(wanted: string | undefined): readonly string[] {
  const first = known.filter((shell) => shell === wanted);
  return [...first, ...known.filter((shell) => shell !== wanted)];
}

const notFound = /no such file or directory|executable file not found|not found in \$PATH|stat .*: no such/i;

/** Whether a command ended since the container does not have it, and not for anything it did. */
export function isMissing(ending: { readonly code?: number | undefined; readonly message?: string }): boolean {
  if (ending.code !== undefined) return ending.code === 126 || ending.code === 127; // what runtimes exit with when there is nothing to start
  return notFound.test(ending.message ?? '');
}

import { ApiError } from '@kit/base';

/**
 * Refuses a request target that two readers could understand differently: authorization reads the path before the
 * router and the upstream server do, so it must have one meaning only. No empty, `.` or `..` part, no encoded slash or
 * backslash, no NUL, no fragment, no broken escape.
 */
export function checkPath(target: string): void {
  const path = target.split('?', 1)[0] ?? '';
  const isPlain = path.startsWith('/') && !/\/\/|[\\#;]|%2f|%5c|%00/i.test(path) && !target.includes('#');
  if (!isPlain || !path.split('/').every(isPlainPart)) {
    throw new ApiError('BadRequest', 'the path of the request is not in its plain form');
  }
}

function isPlainPart(part: string): boolean {
  try {
    const text = decodeURIComponent(part);
    return text !== '.' && text !== '..' && !text.includes('\0');
  } catch {
    return false;
  }
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '/';
}

/** The mount or upgrade whose prefix fits the path best. */
export function longestPrefix<T extends { readonly prefix: string }>(
  targets: readonly T[],
  path: string,
): T | undefined {
  return targets
    .filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
}

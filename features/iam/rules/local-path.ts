/** A path of this platform's own console to go on to; anything that could lead elsewhere becomes the front page. */
export function localPath(path: string | undefined): string {
  if (!path || path.length > 2000) return '/';
  const isLocal = path.startsWith('/') && !/^\/[/\\]/.test(path) && !/[\u0000-\u0020\\]/.test(path);
  return isLocal ? path : '/';
}

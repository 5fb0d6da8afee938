/** The telling end of an image's name, without registry and path: `frontend:v0.10.6`, `redis@sha256:1f2e3d4c…`. */
export function shortImage(image: string): string {
  const [name = image, digest] = image.split('@');
  const end = name.slice(name.lastIndexOf('/') + 1);
  const [algorithm, hash] = digest?.split(':') ?? [];
  return algorithm && hash ? `${end}@${algorithm}:${hash.slice(0, 8)}…` : end;
}

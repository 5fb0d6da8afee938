import { chmod, chown, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentOf, type FolderNode } from '../files/file-node.ts';

interface WrittenFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

function* filesIn(folder: FolderNode, path = ''): Generator<WrittenFile> {
  for (const [name, node] of folder.entries) {
    const inner = path ? join(path, name) : name;
    if (node.is === 'folder') yield* filesIn(node, inner);
    if (node.is === 'file') yield { path: inner, content: contentOf(node), mode: node.mode };
  }
}

async function readOrNothing(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

async function isSame(current: string, files: readonly WrittenFile[]): Promise<boolean> {
  const names = await readdir(current, { recursive: true, withFileTypes: true }).catch(() => []);
  const kept = names.filter((one) => one.isFile()).length;
  if (kept !== files.length) return false;
  for (const { path, content } of files) {
    const known = await readOrNothing(join(current, path));
    if (!known?.equals(content)) return false;
  }
  return files.length > 0;
}

/**
 * Writes what the cluster puts into a volume, so that a container sees all of it change at once: the names are links
 * through `..data`, which is replaced by one rename. Answers whether anything has changed. With `group` the files belong
 * to that group and may be read by it.
 */
export async function publishVolume(folder: string, volume: FolderNode, group?: number): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const dated = [...volume.entries].find(([name, node]) => name.startsWith('..') && node.is === 'folder');
  const files = dated?.[1].is === 'folder' ? [...filesIn(dated[1])] : [];
  const data = join(folder, '..data');
  const before = await readlink(data).catch(() => undefined);
  if (before !== undefined && (await isSame(join(folder, before), files))) return false;
  const name = `..${process.hrtime.bigint()}`;
  for (const file of files) await writeOne(join(folder, name, file.path), file, group);
  await mkdir(join(folder, name), { recursive: true });
  await symlink(name, join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), data);
  await linkNames(folder, new Set(files.map(({ path }) => path.split('/')[0] ?? '')));
  if (before !== undefined) await rm(join(folder, before), { recursive: true, force: true });
  return true;
}

async function writeOne(path: string, { content, mode }: WrittenFile, group: number | undefined): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, content);
  await chmod(path, group === undefined ? mode : mode | 0o440);
  if (group !== undefined) await chown(path, 0, group);
}

async function linkNames(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const present = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  for (const name of present) if (!wanted.has(name)) await rm(join(folder, name), { force: true });
  for (const name of wanted) if (!present.includes(name)) await symlink(join('..data', name), join(folder, name));
}

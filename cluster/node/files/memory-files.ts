import { posix } from 'node:path';
import { FileError } from './file-error.ts';
import {
  type AnyNode,
  contentOf,
  fileNode,
  type FileNode,
  type FolderNode,
  folderNode,
  type LinkNode,
} from './file-node.ts';

const mostLinks = 20;

interface Place {
  readonly folder: FolderNode;
  readonly name: string;
  /** Some folder on the way may not be changed. */
  readonly readOnly: boolean;
  readonly node: AnyNode | undefined;
}

/** The files of one container, in memory. Paths are absolute. Throws `FileError`. */
export class MemoryFiles {
  readonly root: FolderNode;
  readonly #now: () => number;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(now: () => number, mostBytes = 64 << 20) {
    this.#now = now;
    this.#mostBytes = mostBytes;
    this.root = folderNode(now());
  }

  /** The node at `path`; of a link what it points to, unless `follow` is false. */
  find(path: string, follow = true): AnyNode | undefined {
    return this.#place(path, follow)?.node;
  }

  get(path: string): AnyNode {
    const node = this.find(path);
    if (!node) throw new FileError('ENOENT');
    return node;
  }

  read(path: string): Buffer {
    const node = this.get(path);
    if (node.is !== 'file') throw new FileError('EISDIR');
    return contentOf(node);
  }

  list(path: string): [name: string, node: AnyNode][] {
    const node = this.get(path);
    if (node.is !== 'folder') throw new FileError('ENOTDIR');
    return [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The file at `path`, made when there is none; empty unless it is to be added to. */
  open(path: string, { append = false, mode }: { append?: boolean; mode?: number } = {}): FileNode {
    const place = this.#writable(path);
    const { node, folder, name } = place;
    if (node && node.is !== 'file') throw new FileError('EISDIR');
    if (!node) {
      const made = fileNode(Buffer.alloc(0), this.#now(), mode);
      this.#put(folder, name, made);
      return made;
    }
    if (!append) this.truncate(node);
    return node;
  }

  truncate(file: FileNode): void {
    this.#bytes -= file.size;
    Object.assign(file, { chunks: [], size: 0, modifiedMs: this.#now() });
  }

  append(file: FileNode, bytes: Buffer): void {
    if (this.#bytes + bytes.length > this.#mostBytes) throw new FileError('ENOSPC');
    this.#bytes += bytes.length;
    file.chunks.push(Buffer.from(bytes));
    file.size += bytes.length;
    file.modifiedMs = this.#now();
  }

  write(path: string, content: Buffer | string, mode?: number): void {
    this.append(this.open(path, mode === undefined ? {} : { mode }), Buffer.from(content));
  }

  makeFolder(path: string, withParents = false): void {
    const place = this.#place(path, true);
    if (place?.node && (!withParents || place.node.is !== 'folder')) throw new FileError('EEXIST');
    if (place?.node) return;
    if (!place) {
      if (!withParents) throw new FileError('ENOENT');
      this.makeFolder(posix.dirname(path), true);
    }
    const { folder, name } = this.#writable(path);
    this.#put(folder, name, folderNode(this.#now()));
  }

  link(path: string, target: string): void {
    const { node, folder, name } = this.#writable(path, false);
    if (node) throw new FileError('EEXIST');
    this.#put(folder, name, { is: 'link', mode: 0o777, modifiedMs: this.#now(), target });
  }

  /** Puts a whole tree at `path`, over what is there: how volumes come into a container. */
  mount(path: string, node: AnyNode): void {
    const parent = posix.dirname(path);
    if (parent !== '/') this.makeFolder(parent, true);
    const place = this.#place(path, false);
    if (place && place.name !== '') place.folder.entries.set(place.name, node);
  }

  remove(path: string, { recursive = false }: { recursive?: boolean } = {}): void {
    const { node, folder, name } = this.#writable(path, false);
    if (!node) throw new FileError('ENOENT');
    if (node.is === 'folder' && !recursive) throw new FileError('EISDIR');
    this.#forget(node);
    folder.entries.delete(name);
    folder.modifiedMs = this.#now();
  }

  removeEmptyFolder(path: string): void {
    const node = this.get(path);
    if (node.is !== 'folder') throw new FileError('ENOTDIR');
    if (node.entries.size > 0) throw new FileError('ENOTEMPTY');
    this.remove(path, { recursive: true });
  }

  move(from: string, to: string): void {
    const source = this.#writable(from, false);
    if (!source.node) throw new FileError('ENOENT');
    if (to === from || to.startsWith(`${from}/`)) throw new FileError('EINVAL');
    const target = this.#writable(to, false);
    if (target.node?.is === 'folder' && target.node.entries.size > 0) throw new FileError('ENOTEMPTY');
    if (target.node) this.#forget(target.node);
    source.folder.entries.delete(source.name);
    target.folder.entries.set(target.name, source.node);
  }

  touch(path: string): void {
    this.open(path, { append: true }).modifiedMs = this.#now();
  }

  /** Refuses when `path` lies where nothing may be changed. */
  #writable(path: string, follow = true): Place {
    const place = this.#place(path, follow);
    if (!place) throw new FileError('ENOENT');
    if (place.readOnly) throw new FileError('EROFS');
    if (place.name === '') throw new FileError('EISDIR');
    return place;
  }

  #put(folder: FolderNode, name: string, node: AnyNode): void {
    folder.entries.set(name, node);
    folder.modifiedMs = this.#now();
  }

  #forget(node: AnyNode): void {
    if (node.is === 'file') this.#bytes -= node.size;
    if (node.is === 'folder') for (const inner of node.entries.values()) this.#forget(inner);
  }

  #place(path: string, follow: boolean): Place | undefined {
    return this.#follow(path, { follow, links: 0 });
  }

  /** Where `path` leads; nothing when a folder on the way is missing. */
  #follow(path: string, way: { readonly follow: boolean; readonly links: number }): Place | undefined {
    if (way.links > mostLinks) throw new FileError('ELOOP');
    const next = { ...way, links: way.links + 1 };
    const names = posix.normalize(`/${path}`).split('/').filter(Boolean);
    const last = names.pop();
    let folder = this.root;
    let readOnly = isFixed(folder);
    if (last === undefined) return { folder, name: '', readOnly, node: folder };
    for (const [i, name] of names.entries()) {
      const node = inner(folder, name);
      if (!node) return undefined;
      if (node.is === 'link')
        return this.#follow(pointedTo(node, names.slice(0, i), [...names.slice(i + 1), last]), next);
      folder = node;
      readOnly ||= isFixed(folder);
    }
    const node = folder.entries.get(last);
    const leadsOn = way.follow && node?.is === 'link';
    return leadsOn ? this.#follow(pointedTo(node, names, []), next) : { folder, name: last, readOnly, node };
  }
}

const isFixed = ({ readOnly }: FolderNode): boolean => readOnly === true;

/** What is on the way to something else, so no file. */
function inner({ entries }: FolderNode, name: string): FolderNode | LinkNode | undefined {
  const node = entries.get(name);
  if (node?.is === 'file') throw new FileError('ENOTDIR');
  return node;
}

/** The path behind a link in the folder `before`, with what followed it. */
function pointedTo({ target }: LinkNode, before: readonly string[], after: readonly string[]): string {
  const start = target.startsWith('/') ? '' : `/${before.join('/')}/`;
  return `${start}${target}/${after.join('/')}`;
}

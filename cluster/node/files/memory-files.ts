import { posix } from 'node:path';
import { FileError } from './file-error.ts';
import { type AnyNode, contentOf, fileNode, type FileNode, type FolderNode, folderNode } from './file-node.ts';

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

  /** Where `path` leads; nothing when a folder on the way is missing. */
  #place(path: string, follow: boolean, links = 0): Place | undefined {
    if (links > mostLinks) throw new FileError('ELOOP');
    const names = posix.normalize(`/${path}`).split('/').filter(Boolean);
    let folder = this.root;
    let readOnly = false;
    if (names.length === 0) return { folder, name: '', readOnly, node: folder };
    for (let i = 0; ; i++) {
      readOnly ||= folder.readOnly === true;
      const name = names[i] ?? '';
      const node = folder.entries.get(name);
      const isLast = i === names.length - 1;
      if (node?.is === 'link' && (follow || !isLast)) {
        const start = node.target.startsWith('/') ? '' : `/${names.slice(0, i).join('/')}/`;
        return this.#place(`${start}${node.target}/${names.slice(i + 1).join('/')}`, follow, links + 1);
      }
      if (isLast) return { folder, name, readOnly, node };
      if (!node) return undefined;
      if (node.is !== 'folder') throw new FileError('ENOTDIR');
      folder = node;
    }
  }
}

interface NodeTraits {
  mode: number;
  modifiedMs: number;
}

export interface FileNode extends NodeTraits {
  readonly is: 'file';
  /** In the order of their bytes. */
  chunks: Buffer[];
  size: number;
}

export interface LinkNode extends NodeTraits {
  readonly is: 'link';
  readonly target: string;
}

export interface FolderNode extends NodeTraits {
  readonly is: 'folder';
  readonly entries: Map<string, AnyNode>;
  /** Nothing below may be changed: a mounted config map, say. */
  readOnly?: boolean;
}

export type AnyNode = FileNode | FolderNode | LinkNode;

export function folderNode(modifiedMs: number, mode = 0o755): FolderNode {
  return { is: 'folder', mode, modifiedMs, entries: new Map() };
}

export function fileNode(content: Buffer, modifiedMs: number, mode = 0o644): FileNode {
  return { is: 'file', mode, modifiedMs, chunks: content.length > 0 ? [content] : [], size: content.length };
}

export function contentOf(file: FileNode): Buffer {
  if (file.chunks.length > 1) file.chunks = [Buffer.concat(file.chunks)];
  return file.chunks[0] ?? Buffer.alloc(0);
}

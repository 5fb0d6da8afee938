import { ApiError } from '@kit/base';
import type { Row } from '../view-api.ts';
import type { EncodeRow } from './page-parts.ts';

/** A tree of the field names to keep; an empty branch keeps all below it. */
type Branch = Map<string, Branch>;

const maxFields = 50;

function treeOf(fields: string): Branch {
  const tree: Branch = new Map();
  const paths = fields.split(',').map((path) => path.trim());
  if (paths.length > maxFields) throw new ApiError('BadRequest', `fields: at most ${maxFields} can be chosen`);
  for (const path of paths) {
    const parts = partsOf(path);
    let branch = tree;
    for (const [depth, part] of parts.entries()) {
      const below: Branch | undefined = branch.get(part);
      if (below?.size === 0) break; // the whole of it is chosen already
      const isLast = depth === parts.length - 1;
      if (isLast || !below) branch.set(part, new Map());
      branch = branch.get(part) as Branch; // cast: it is there or has just been set
    }
  }
  return tree;
}

/** `metadata.labels['app.kubernetes.io/name']` and `metadata.labels.app` alike. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  const part = /\.?([A-Za-z0-9_$-]+)|\[(?:'([^']+)'|"([^"]+)")\]/y;
  while (part.lastIndex < path.length) {
    const found = part.exec(path);
    if (!found)
      throw new ApiError(
        'BadRequest',
        `fields: cannot read "${path}"; write paths such as metadata.name, joined by commas`,
      );
    parts.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  if (parts.length === 0)
    throw new ApiError('BadRequest', 'fields: a path is empty; write paths such as metadata.name, joined by commas');
  return parts;
}

/** What of a value the branch keeps; lists are gone through item by item. */
function pick(value: unknown, branch: Branch): unknown {
  if (branch.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, branch));
  if (typeof value !== 'object' || value === null) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [name, below] of branch) {
    if (!Object.hasOwn(value, name)) continue;
    const inner = pick((value as Record<string, unknown>)[name], below); // cast: a non-null object that has the name
    if (inner !== undefined) kept[name] = inner;
  }
  return kept;
}

const encoder = new TextEncoder();

/**
 * Shows only the fields that `fields` names (`metadata.name,status.phase`), in that order. Works on `encode`'s bytes, so
 * it never shows what that leaves out. A field that an object has not is left out; a list is gone through item by item.
 */
export function projection(fields: string, encode: EncodeRow = (row) => row.json): EncodeRow {
  const tree = treeOf(fields);
  return (row: Row) => {
    const bytes = encode(row);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    return encoder.encode(JSON.stringify(pick(JSON.parse(text), tree)));
  };
}

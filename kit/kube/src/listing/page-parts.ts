import { createHash } from 'node:crypto';
import type { Row } from '../view-api.ts';
import { continueToken } from './continue-token.ts';
import type { RowPage } from './list-rows.ts';

/** The bytes a row is shown by. */
export type EncodeRow = (row: Row) => Uint8Array;

const plain: EncodeRow = (row) => row.json;
const comma = Buffer.from(',');
const head = Buffer.from('{"items":[');

/** The pieces of a list answer, in order: what is around the rows, and each row's own bytes. */
export interface PageParts {
  readonly head: Uint8Array;
  readonly items: readonly Uint8Array[];
  readonly tail: Uint8Array;
}

export interface PageShape {
  readonly encode?: EncodeRow;
  /** Whether the answer says where the list goes on; KubeSphere's lists do not. */
  readonly withContinue?: boolean;
  /** What the number of all rows is called: `totalItems`, or `total_count` in the older API. */
  readonly total?: string;
}

/** `{"items":[…],"totalItems":n}` in pieces, from the rows' own bytes. */
export function pageParts(
  page: RowPage,
  { encode = plain, withContinue = false, total = 'totalItems' }: PageShape = {},
): PageParts {
  const next = withContinue ? `,"continue":"${page.next ? continueToken(page.next) : ''}"` : '';
  return {
    head,
    items: page.rows.map(encode),
    tail: Buffer.from(`],"${total}":${page.totalItems}${next}}`),
  };
}

/** The pieces with what stands between them. */
export function joined({ head, items, tail }: PageParts): Uint8Array[] {
  const parts: Uint8Array[] = [head];
  for (const item of items) {
    if (parts.length > 1) parts.push(comma);
    parts.push(item);
  }
  parts.push(tail);
  return parts;
}

/** The same in one piece; `encode` replaces the bytes of rows that must not be shown whole. */
export function pageBytes(page: RowPage, encode?: EncodeRow): Uint8Array {
  return Buffer.concat(joined(pageParts(page, encode ? { encode } : {})));
}

/**
 * What stays the same as long as the page does: by the versions of its rows where they are shown as they are, and by the
 * very bytes where what is shown rests on more than the row. `view` says which list and form it is of.
 */
export function pageTag(
  page: RowPage,
  parts: PageParts,
  { view, byBytes }: { view: string; byBytes: boolean },
): string {
  const hash = createHash('sha1').update(view).update(parts.tail);
  if (byBytes) for (const item of parts.items) hash.update(item).update(comma);
  else hash.update(page.rows.map((row) => `${row.uid}@${row.resourceVersion}`).join());
  return `"${hash.digest('base64url')}"`;
}

/** Whether an `If-None-Match` header names the tag; weak comparison, as RFC 9110 wants it there. */
export function isTagNamed(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const bare = (text: string): string => text.trim().replace(/^W\//, '');
  return header.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag));
}

import { ApiError, delay, isApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { compareKeys } from '../storage/live-objects.ts';
import type { Storage } from '../storage/storage.ts';
import type { ComputedObjects } from '../kinds/kind-info.ts';
import type { ConversionDeps } from '../conversion/convert-object.ts';
import { versionsAs } from '../conversion/stored-versions.ts';
import type { Version } from '../storage/version.ts';
import { badRequest, invalidOptions } from './api-errors.ts';
import { decodeContinue, encodeContinue, ExpiredContinue } from './continue-token.ts';
import type { ContinueToken } from './continue-token.ts';
import { storageResource } from './kind-registry.ts';
import { versionOf } from './stored-object.ts';
import type { Selection } from './selection.ts';

export interface ListQuery {
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListResult {
  readonly versions: readonly Version[];
  readonly revision: number;
  readonly continue?: string;
  readonly remaining?: number;
}

const newestWaitMs = 3000;

/** A resource version as a number; throws `BadRequest` as the real server words it. */
export function parseRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

function checkMatch({ resourceVersion = '', resourceVersionMatch: match = '' }: ListQuery): void {
  if (match === '') return;
  const cause = (reason: string, message: string) => ({ field: 'resourceVersionMatch', reason, message });
  if (resourceVersion === '') {
    throw invalidOptions(
      'ListOptions',
      cause('FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'),
    );
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOptions(
      'ListOptions',
      cause('FieldValueNotSupported', `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`),
    );
  }
  if (match === 'Exact' && resourceVersion === '0') {
    throw invalidOptions(
      'ListOptions',
      cause('FieldValueForbidden', 'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    );
  }
}

/** Waits a little for a revision of the future: a client may know one from another server of the same cluster. */
async function reach(storage: Storage, revision: number, clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + newestWaitMs;
  while (storage.revision < revision) {
    if (clock.now() >= giveUpAt) {
      throw new ApiError('Timeout', `Timeout: Too large resource version: ${revision}, current: ${storage.revision}`, {
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
    }
    await delay(clock, 100);
  }
}

function start(query: ListQuery): ContinueToken | undefined {
  if (!query.continue) return undefined;
  if (query.resourceVersion && query.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return decodeContinue(query.continue);
}

/** The revision whose state is asked for; `undefined` = the newest. */
async function momentOf(storage: Storage, query: ListQuery, clock: Clock): Promise<number | undefined> {
  const revision = query.resourceVersion ? parseRevision(query.resourceVersion) : 0;
  if (revision > storage.revision) await reach(storage, revision, clock);
  return query.resourceVersionMatch === 'Exact' ? revision : undefined;
}

const pathOf = (selection: Selection, { key }: Version): string =>
  selection.namespace === undefined && key.namespace ? `${key.namespace}/${key.name}` : key.name;

/** The first of the versions in order that comes after the pages before. */
function firstAfter(versions: readonly Version[], token: ContinueToken, selection: Selection): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const version = versions[middle];
    if (version && pathOf(selection, version) > token.after) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What is selected of the versions from `from` on; of a narrowed selection no more than `enough`. */
function matchingOf(
  selection: Selection,
  versions: readonly Version[],
  { from, enough }: { from: number; enough: number },
): readonly Version[] {
  if (!selection.narrowed) return versions.slice(from); // they are those of its namespace
  const matching: Version[] = [];
  for (let index = from; index < versions.length && matching.length < enough; index++) {
    const version = versions[index];
    if (version && selection.includes(version)) matching.push(version);
  }
  return matching;
}

function read(
  storage: Storage,
  selection: Selection,
  at: { revision: number | undefined; token?: ContinueToken },
): Version[] {
  const options = { namespace: selection.namespace, revision: at.revision };
  try {
    return storage.list(storageResource(selection.kind), options);
  } catch (error) {
    if (at.token && isApiError(error, 'Expired')) throw new ExpiredContinue(at.token.after);
    throw error;
  }
}

/** The first `limit` objects, and the token for the next page if there is one. */
function pageOf(
  selection: Selection,
  matching: readonly Version[],
  page: { limit: number; revision: number; drifting: boolean },
): ListResult {
  const { limit, revision, drifting } = page;
  const last = matching[limit - 1];
  if (limit === 0 || matching.length <= limit || !last) return { versions: matching, revision };
  const token = { revision: drifting ? undefined : revision, after: pathOf(selection, last) };
  const remaining = selection.narrowed ? {} : { remaining: matching.length - limit };
  return { versions: matching.slice(0, limit), revision, continue: encodeContinue(token), ...remaining };
}

async function computedVersions(
  { kind, namespace }: Selection,
  computed: ComputedObjects,
  revision: number,
): Promise<Version[]> {
  const objects = await computed.list(namespace);
  return objects.map((object) => versionOf(kind, object, revision)).sort((a, b) => compareKeys(a.key, b.key));
}

/** One page of a list. All pages of one list show the state, and report the revision, of the first. */
export async function listObjects(
  deps: { readonly storage: Storage; readonly clock: Clock } & ConversionDeps,
  selection: Selection,
  query: ListQuery,
): Promise<ListResult> {
  const { storage, clock } = deps;
  checkMatch(query);
  const token = start(query);
  const exact = token ? token.revision : await momentOf(storage, query, clock);
  const revision = exact ?? storage.revision;
  const { computed } = selection.kind;
  const all = computed
    ? await computedVersions(selection, computed, revision)
    : read(storage, selection, { revision: exact, token });
  // "0" asks for whatever is in memory, all of it
  const limit = query.resourceVersion === '0' ? 0 : Math.max(0, query.limit ?? 0);
  const from = token ? firstAfter(all, token, selection) : 0;
  const matching = matchingOf(selection, all, { from, enough: limit > 0 ? limit + 1 : Infinity });
  // a token without a revision goes on with the newest state, and so do the pages after it
  const page = pageOf(selection, matching, {
    limit,
    revision,
    drifting: token !== undefined && token.revision === undefined,
  });
  const { kind } = selection;
  return kind.conversion ? { ...page, versions: await versionsAs(deps, kind, page.versions) } : page;
}

import { ApiError } from '@kit/base';
import type { Cause } from '@kit/base';
import type { DeleteOptions } from '../store/deletion-rules.ts';
import { badRequest, invalidOptions } from '../store/api-errors.ts';
import type { ListQuery } from '../store/list-objects.ts';
import type { WriteContext } from '../store/write-request.ts';
import type { WatchOptions } from './watch-stream.ts';

const isTrue = (value: string | null): boolean => value === 'true' || value === '1';

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

const validations = ['Ignore', 'Strict', 'Warn'] as const;

/** `CreateOptions`, `UpdateOptions`, `PatchOptions`, `DeleteOptions`: what error texts call a request's query. */
function optionProblems(query: URLSearchParams): Cause[] {
  const causes: Cause[] = [];
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  if (dryRun.some((value) => value !== 'All')) {
    causes.push({
      field: 'dryRun',
      message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
      reason: 'FieldValueNotSupported',
    });
  }
  const validation = query.get('fieldValidation') ?? '';
  if (validation !== '' && !validations.some((known) => known === validation)) {
    const message = `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`;
    causes.push({ field: 'fieldValidation', message, reason: 'FieldValueNotSupported' });
  }
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128) {
    causes.push({
      field: 'fieldManager',
      message: 'Too long: may not be more than 128 bytes',
      reason: 'FieldValueTooLong',
    });
  }
  return causes;
}

export function isDryRun(query: URLSearchParams): boolean {
  return query.getAll('dryRun').includes('All');
}

/** Who is written down as owner of the fields when the request does not say: the program's name. */
function programOf(userAgent: string | undefined): string {
  return userAgent?.split('/')[0]?.trim().slice(0, 128) || 'unknown';
}

/** Reads the options of a write. Throws `Invalid` for what no server understands. */
export function writeContext(
  query: URLSearchParams,
  from: Pick<WriteContext, 'caller' | 'warnings' | 'annotate'> & {
    userAgent: string | undefined;
    options: string;
    apply?: boolean;
  },
): WriteContext {
  const causes = optionProblems(query);
  if (causes.length > 0) throw invalidOptions(from.options, ...causes);
  const validation = query.get('fieldValidation');
  return {
    caller: from.caller,
    dryRun: isDryRun(query),
    fieldManager: query.get('fieldManager') || (from.apply ? '' : programOf(from.userAgent)),
    fieldValidation: validation === 'Ignore' || validation === 'Strict' ? validation : 'Warn',
    warnings: from.warnings,
    options: sentOptions(query),
    ...(from.annotate && { annotate: from.annotate }),
  };
}

/** The options as the client has sent them, which admission is shown. */
function sentOptions(query: URLSearchParams): Record<string, unknown> {
  const [fieldManager, fieldValidation] = [query.get('fieldManager'), query.get('fieldValidation')];
  return {
    ...(isDryRun(query) && { dryRun: ['All'] }),
    ...(fieldManager && { fieldManager }),
    ...(fieldValidation && { fieldValidation }),
  };
}

export function listQuery(query: URLSearchParams): ListQuery {
  if (query.get('sendInitialEvents') !== null) {
    const message = 'Forbidden: sendInitialEvents is forbidden for list';
    throw invalidOptions('ListOptions', { field: 'sendInitialEvents', message, reason: 'FieldValueForbidden' });
  }
  return {
    limit: integer(query, 'limit'),
    continue: query.get('continue') ?? undefined,
    resourceVersion: query.get('resourceVersion') ?? undefined,
    resourceVersionMatch: query.get('resourceVersionMatch') ?? undefined,
  };
}

function checkWatchMatch(sendInitialEvents: string | null, match: string): void {
  const cause = (message: string, reason = 'FieldValueForbidden'): Cause => ({
    field: 'resourceVersionMatch',
    message,
    reason,
  });
  if (sendInitialEvents === null) {
    if (match === '') return;
    throw invalidOptions(
      'ListOptions',
      cause('Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
    );
  }
  if (match === 'NotOlderThan') return;
  const causes = [cause('Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')];
  if (match !== '')
    causes.push(
      cause(`Unsupported value: ${JSON.stringify(match)}: supported values: "NotOlderThan"`, 'FieldValueNotSupported'),
    );
  throw invalidOptions('ListOptions', ...causes);
}

const shortestWatchSeconds = 1800;

/** A revision that is no number is an error of the server, as it is for the real one. */
function watchRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const value = JSON.stringify(text);
  const problem = `Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`;
  throw new ApiError('InternalError', `resourceVersion: ${problem}`);
}

/** Reads the options of a watch. */
export function watchOptions(query: URLSearchParams): WatchOptions {
  const send = query.get('sendInitialEvents');
  checkWatchMatch(send, query.get('resourceVersionMatch') ?? '');
  const revision = watchRevision(query.get('resourceVersion') || '0');
  const initialEvents = isTrue(send);
  const fromNow = revision === 0 || initialEvents;
  return {
    revision: fromNow ? undefined : revision,
    initialEvents,
    skipCurrent: send !== null && !initialEvents && fromNow,
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    // Spread out, so that not all clients come back at once.
    timeoutSeconds: integer(query, 'timeoutSeconds') || shortestWatchSeconds * (1 + Math.random()),
  };
}

/** The options of a deletion: the body's, or the query's where there is no body. */
export function deleteOptions(
  query: URLSearchParams,
  body: Record<string, unknown> | undefined,
): DeleteOptions & { dryRun: boolean } {
  const fromQuery = {
    gracePeriodSeconds: integer(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: query.get('orphanDependents') === null ? undefined : isTrue(query.get('orphanDependents')),
  };
  const given = body ? (body as DeleteOptions) : fromQuery; // `checkDeleteOptions` looks at what is used
  const dryRun = body && Array.isArray(body.dryRun) ? body.dryRun.map(String) : query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All' && value !== '')) {
    const message = `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`;
    throw invalidOptions('DeleteOptions', { field: 'dryRun', message, reason: 'FieldValueNotSupported' });
  }
  return { ...given, dryRun: dryRun.includes('All') };
}

import { ApiError } from '@kit/base';
import { badRequest } from './api-errors.ts';

/** Where the next page of a list begins: after the object `after` ("namespace/name"), at the state of `revision`. */
export interface ContinueToken {
  /** `undefined`: at whatever is newest then; the list is no longer one moment's. */
  readonly revision: number | undefined;
  readonly after: string;
}

const tokenVersion = 'meta.k8s.io/v1';

export function encodeContinue({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: tokenVersion, rv: revision ?? -1, start: `${after}\u0000` })).toString(
    'base64url',
  );
}

function parsed(json: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // answered below, as for any other text that is not an object
  }
  throw badRequest(
    `invalid continue token: continue key is not valid: invalid character '${json.slice(0, 1)}' looking for beginning of value`,
  );
}

/** Throws `BadRequest` for what no list has given out. */
export function decodeContinue(token: string): ContinueToken {
  const { v, rv, start } = parsed(Buffer.from(token, 'base64url').toString('latin1'));
  if (v !== tokenVersion) {
    throw badRequest(
      `invalid continue token: continue key is not valid: server does not recognize this encoded version "${String(v)}"`,
    );
  }
  if (typeof rv !== 'number' || typeof start !== 'string' || !start.endsWith('\u0000')) {
    throw badRequest(
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    );
  }
  return { revision: rv < 0 ? undefined : rv, after: start.slice(0, -1) };
}

/** A page of a list that can no longer be had; `continueWith` goes on with the newest state instead. */
export class ExpiredContinue extends ApiError {
  readonly continueWith: string;

  constructor(after: string) {
    super(
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
        'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
        'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
        'deleted between the time the first chunk was returned and now may show up in the list.',
    );
    this.continueWith = encodeContinue({ revision: undefined, after });
  }
}

import { ApiError, httpStatus } from '@kit/base';
import type { ErrorDetails, Reason } from '@kit/base';

/** The reason code of ours can look for; somebody else's may be any text. */
const reasonOf = (given: string | undefined): Reason =>
  given !== undefined && given in httpStatus ? (given as Reason) : 'BadRequest'; // looked up just now

/** The Status somebody else has made, e.g. a webhook: its code and reason need not be ones of ours. */
export class GivenStatus extends ApiError {
  /** Absent in the answer when it is absent here. */
  readonly givenReason: string | undefined;

  constructor(given: { code: number; reason?: string; message: string; details?: ErrorDetails }) {
    const { code, reason, message, details } = given;
    super(reasonOf(reason), message, { code, ...(details && { details }) });
    this.name = 'GivenStatus';
    this.givenReason = reason;
  }
}

/** The 500 of the real server for something that has gone wrong on the way. */
export function internalError(message: string): GivenStatus {
  return new GivenStatus({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });
}

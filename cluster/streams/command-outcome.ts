import { ApiError, type Cause } from '@kit/base';

/** How a command ended, or why it could not be run. */
export type Outcome = { readonly exitCode: number } | { readonly error: unknown };

function internalError(error: unknown): object {
  const why = error instanceof ApiError ? error.message : 'the node failed to run the command';
  const message = `Internal error occurred: ${why}`;
  const causes: Cause[] = [{ message: why }];
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', details: { causes }, code: 500 };
}

/** What versions 4 and 5 of the channel protocol say on the error channel at the end. */
export function outcomeStatus(outcome: Outcome): object {
  if ('error' in outcome) return internalError(outcome.error);
  const { exitCode } = outcome;
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** What the versions before say: nothing of a success, a sentence of a failure. */
export function outcomeText(outcome: Outcome, command: readonly string[]): string {
  if ('error' in outcome) return outcome.error instanceof ApiError ? outcome.error.message : 'the command was not run';
  const { exitCode } = outcome;
  if (exitCode === 0) return '';
  return `command terminated with non-zero exit code: error executing command [${command.join(' ')}], exit code ${exitCode}`;
}

import type { ProcessStreams } from '../node-runtime.ts';
import { type Outcome, outcomeStatus, outcomeText } from './command-outcome.ts';

/** Which channels a request for a command asks for. */
export interface CommandRequest {
  /** Empty for an attached container. */
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  /** Never together with `tty`. */
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The client's ends of a command, whatever protocol carries them. */
export interface CommandChannels {
  readonly streams: ProcessStreams;
  /** Tells how the command ended, after all its output, and closes the connection. */
  finish(outcome: Outcome): Promise<void>;
}

/** What the error channel says at the end; nothing = the channel is only closed. */
export function lastWords(outcome: Outcome, request: CommandRequest, hasStatus: boolean): string {
  return hasStatus ? JSON.stringify(outcomeStatus(outcome)) : outcomeText(outcome, request.command);
}

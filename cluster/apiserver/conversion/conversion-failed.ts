import { GivenStatus } from '../store/given-status.ts';

/** Objects could not be had in the version asked for. */
export class ConversionFailed extends GivenStatus {
  constructor(message: string, cause?: unknown) {
    super({ code: 500, message });
    this.name = 'ConversionFailed';
    this.cause = cause;
  }
}

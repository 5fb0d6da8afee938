import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import type { Logger } from '@kit/base';
import type { AuditEvent } from './audit-event.ts';

/** Where events go: a function, or a file that gets a line for each. */
export type AuditSink = ((event: AuditEvent) => void) | string;

/** Hands events on, in their order; a sink that fails is logged and harms no request. */
export class AuditLog {
  readonly #log: Logger;
  readonly #sink: (event: AuditEvent) => void;
  readonly #file: WriteStream | undefined;

  constructor(sink: AuditSink, log: Logger) {
    this.#log = log;
    if (typeof sink !== 'string') {
      this.#sink = sink;
      return;
    }
    const file = createWriteStream(sink, { flags: 'a', mode: 0o600 });
    file.on('error', (error) => log.error('the audit log cannot be written', { path: sink, error }));
    this.#file = file;
    this.#sink = (event) => void file.write(`${JSON.stringify(event)}\n`);
  }

  write(event: AuditEvent): void {
    try {
      this.#sink(event);
    } catch (error) {
      this.#log.error('an audit event was not taken', { auditId: event.auditID, error });
    }
  }

  /** Resolves when everything is in the file. */
  close(): Promise<void> {
    const file = this.#file;
    return file ? new Promise((resolve) => file.end(resolve)) : Promise.resolve();
  }
}

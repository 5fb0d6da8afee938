// Where there is no process, engines write as its output what their runtime says.
const start = /^(Error: )?(runc|crun|OCI runtime)/;
const why = /unable to start container process: (.*?)(: OCI runtime attempted to invoke|: unknown|[\r\n]|$)/;

/** Tells what a runtime says of a command it could not start from what the command itself writes. */
export class ExecRefusal {
  #isFirst = true;
  #text = '';

  /** Takes a piece of output; false: it is the command's own. */
  take(bytes: Uint8Array): boolean {
    const text = this.#isFirst || this.isSeen ? Buffer.from(bytes).toString() : '';
    const isOwn = this.#isFirst ? !start.test(text) : !this.isSeen;
    this.#isFirst = false;
    if (!isOwn) this.#text += text;
    return !isOwn;
  }

  get isSeen(): boolean {
    return this.#text !== '';
  }

  /** All that was taken. */
  get text(): string {
    return this.#text;
  }

  /** Why there was no process, in a runtime's usual words. */
  reason(execId: string): string {
    const said = why.exec(this.#text)?.[1] ?? this.#text.split('\n')[0] ?? '';
    return `failed to exec in container: failed to start exec ${JSON.stringify(execId)}: OCI runtime exec failed: exec failed: unable to start container process: ${said}`;
  }
}

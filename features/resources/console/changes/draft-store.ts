import type { KubeObject } from '@kit/kube';

/** An edit that was not applied, and the object it began from. */
export interface Draft {
  readonly text: string;
  readonly base: KubeObject;
}

/** Keeps one draft in this browser, so it survives a reload and signing out; never used for secrets. */
export class DraftStore {
  readonly #key: string;
  readonly #storage: Storage;

  constructor(id: string, storage: Storage = localStorage) {
    this.#key = `freehold.draft/${id}`;
    this.#storage = storage;
  }

  load(): Draft | undefined {
    try {
      const value: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? 'null');
      return value === null ? undefined : (value as Draft); // written by `save` below
    } catch {
      return undefined;
    }
  }

  save(draft: Draft): void {
    try {
      this.#storage.setItem(this.#key, JSON.stringify(draft));
    } catch {
      // A full or forbidden storage costs the survival of the draft, not the edit.
    }
  }

  drop(): void {
    this.#storage.removeItem(this.#key);
  }
}

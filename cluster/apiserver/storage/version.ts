/** Where an object lives: `resource` is its group and plural, e.g. `apps/deployments` or `/pods`; no namespace is ''. */
export interface ObjectKey {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** What an object holds once it is stored. `kind` and `apiVersion` are not part of it: they belong to the endpoint. */
export interface StoredObject {
  metadata: { name: string; namespace?: string; uid: string; resourceVersion: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

const noLabels: Readonly<Record<string, string>> = {};

/** What is asked of an object again and again. */
export interface Identity {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a writer knows of its object, so that nobody has to read it again for that. */
export function identityOf({ metadata }: { metadata: { uid?: string; labels?: Record<string, string> } }): Identity {
  return { uid: metadata.uid ?? '', labels: metadata.labels ? { ...metadata.labels } : noLabels };
}

/** One version of one object, as JSON bytes that are never changed and never parsed more often than somebody asks. */
export class Version {
  readonly key: ObjectKey;
  readonly revision: number;
  readonly bytes: Buffer;
  /** What field selectors look at, once somebody has worked it out: a list by node looks at every pod there is. */
  fieldLabels: Readonly<Record<string, string>> | undefined;
  #identity: Identity | undefined;
  #told: Map<unknown, unknown> | undefined;

  constructor(key: ObjectKey, revision: number, json: string) {
    this.key = key;
    this.revision = revision;
    this.bytes = Buffer.from(json);
  }

  /** Spares the first question for it; `identity` must be that of the bytes. */
  knownAs(identity: Identity | undefined): this {
    this.#identity = identity;
    return this;
  }

  /** The object, parsed anew at each call: the caller may change it. */
  object(): StoredObject {
    return JSON.parse(this.bytes.toString()) as StoredObject; // only what `Storage.put` was given gets here
  }

  /** While `tell` runs, everybody who asks `sharedAs` for the same form is given the same object. */
  toldBy(tell: () => void): void {
    this.#told = new Map();
    tell();
    this.#told = undefined;
  }

  /** What `read` makes of the version as `form`: of a change that is being told, once for all. Nobody may change it. */
  sharedAs<T>(form: unknown, read: () => T): T {
    if (!this.#told) return read();
    if (!this.#told.has(form)) this.#told.set(form, read());
    return this.#told.get(form) as T; // a form is always read in the same way
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#known().labels;
  }

  get uid(): string {
    return this.#known().uid;
  }

  #known(): Identity {
    if (!this.#identity) {
      const { uid, labels = noLabels } = this.object().metadata;
      this.#identity = { uid, labels };
    }
    return this.#identity;
  }
}

/** One change, in the order of revisions. A deletion's `version` is the last state under the revision of the deletion. */
export interface StorageEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: Version;
  readonly previous: Version | undefined;
}

/** `group/plural`, the `resource` of an `ObjectKey`. */
export function resourceKey(group: string, plural: string): string {
  return `${group}/${plural}`;
}

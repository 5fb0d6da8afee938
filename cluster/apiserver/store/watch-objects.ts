import { Version } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import type { StorageEvent } from '../storage/version.ts';
import { storageResource } from './kind-registry.ts';
import type { Selection } from './selection.ts';

/** A change as one watcher sees it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: Version;
}

/** What a watcher last saw of the object, under the revision at which it went out of sight. */
function farewell(previous: Version, revision: number): Version {
  const object = previous.object();
  object.metadata.resourceVersion = String(revision);
  return new Version(previous.key, revision, JSON.stringify(object));
}

/** What an event means to who watches the selection, if anything: objects that begin to match are added, those that cease to are deleted. */
export function changeFor(selection: Selection, { type, version, previous }: StorageEvent): Change | undefined {
  const was = previous !== undefined && selection.includes(previous);
  if (type === 'DELETED') return was ? { type, version } : undefined;
  const is = selection.includes(version);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', version };
  return was ? { type: 'DELETED', version: farewell(previous, version.revision) } : undefined;
}

export interface WatchStart {
  /** `undefined` = begin with what is there now. */
  readonly revision: number | undefined;
  /** Called between what is there now and the first live change, with the revision of the former. */
  onCurrent?(revision: number): void;
}

/**
 * Shows `onChange` every change of the selected objects in order, until the answer is called. Objects that begin to
 * match are added, those that cease to are deleted. Throws `Expired` when the start lies too far back.
 */
export function watchObjects(
  storage: Storage,
  selection: Selection,
  watcher: WatchStart & { onChange(change: Change): void },
): () => void {
  const resource = storageResource(selection.kind);
  const revision = watcher.revision ?? storage.revision;
  if (watcher.revision === undefined) {
    for (const version of storage.list(resource, { namespace: selection.namespace })) {
      if (selection.includes(version)) watcher.onChange({ type: 'ADDED', version });
    }
    watcher.onCurrent?.(revision);
  }
  return storage.watch(resource, revision, (event) => {
    const change = changeFor(selection, event);
    if (change) watcher.onChange(change);
  });
}

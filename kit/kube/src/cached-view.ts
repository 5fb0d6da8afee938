import { ApiError } from '@kit/base';
import type { Logger } from '@kit/base';
import type { ReflectorSink } from './reflector.ts';
import { RowShape } from './facet.ts';
import type { Facet } from './facet.ts';
import { RowIndex } from './row-index.ts';
import { RowOrders } from './row-orders.ts';
import type { KubeObject, ResourceType } from './types.ts';
import type { Row, Selection, SortKey, View, ViewEvent } from './view-api.ts';

type Listener<T extends KubeObject> = (event: ViewEvent<T>) => void;

/** A view that a reflector fills. */
export class CachedView<T extends KubeObject> implements View<T>, ReflectorSink<T> {
  readonly type: ResourceType;
  readonly shape = new RowShape();
  synced = false;
  served = true;
  readonly #log: Logger;
  readonly #rows = new RowIndex<T>();
  readonly #orders: RowOrders<T>;
  #listeners: readonly Listener<T>[] = [];
  readonly #waiting = new Set<{ resolve: () => void; reject: (reason: unknown) => void }>();
  #stopped = false;

  constructor(type: ResourceType, log: Logger, few?: number) {
    this.type = type;
    this.#orders = new RowOrders<T>(this.#rows, few);
    this.#log = log;
  }

  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  sizeOf(namespace: string): number {
    return this.#rows.sizeOf(namespace);
  }

  get(namespace: string, name: string): Row<T> | undefined {
    return this.#rows.get(namespace, name);
  }

  rows(namespace?: string): Iterable<Row<T>> {
    return this.#rows.rows(namespace);
  }

  ordered(sortKey: SortKey, namespace?: string): readonly Row<T>[] {
    return this.#orders.read({ sortKey, within: namespace });
  }

  select(selection: Selection): readonly Row<T>[] {
    return this.#orders.read(selection);
  }

  declare(facets: readonly Facet[]): void {
    for (const facet of facets) this.shape.slotOf(facet);
  }

  subscribe(listener: Listener<T>): () => void {
    const mine: Listener<T> = (event) => listener(event); // so that one function given twice is two subscriptions
    this.#listeners = [...this.#listeners, mine];
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== mine);
    };
  }

  async ready(signal?: AbortSignal): Promise<void> {
    if (this.synced) return;
    if (this.#stopped) throw this.#stoppedError();
    signal?.throwIfAborted();
    let onAbort = (): void => undefined;
    const told = new Promise<void>((resolve, reject) => {
      const waiter = { resolve, reject };
      this.#waiting.add(waiter);
      onAbort = () => {
        this.#waiting.delete(waiter);
        reject(signal?.reason as Error); // whatever it was aborted with is thrown on
      };
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    await told.finally(() => signal?.removeEventListener('abort', onAbort)); // the signal may outlive the wait by far
  }

  replace(rows: readonly Row<T>[] | undefined): void {
    this.#emit(this.#rows.replace(rows ?? []));
    this.synced = rows !== undefined;
    this.served = this.synced;
    if (!this.synced) return;
    for (const waiter of this.#waiting) waiter.resolve();
    this.#waiting.clear();
  }

  put(row: Row<T>): void {
    this.#emit(this.#rows.put(row));
  }

  remove(row: Row<T>): void {
    this.#emit(this.#rows.remove(row.namespace, row.name, row));
  }

  /** Nobody waits any longer; what was last known stays readable. */
  stop(): void {
    this.#stopped = true;
    for (const waiter of this.#waiting) waiter.reject(this.#stoppedError());
    this.#waiting.clear();
  }

  #stoppedError(): ApiError {
    return new ApiError('ServiceUnavailable', `the view of ${this.type.plural} was stopped before it was complete`);
  }

  #emit(events: readonly ViewEvent<T>[]): void {
    for (const event of events) this.#orders.take(event); // before a listener lists
    for (const event of events) {
      for (const listener of this.#listeners) {
        try {
          listener(event);
        } catch (error) {
          this.#log.error('a listener of a view failed', { kind: this.type.plural, error });
        }
      }
    }
  }
}

/** How far back what was noted counts, and how many times are kept at most. */
export interface Window {
  readonly windowMs: number;
  readonly most: number;
}

/**
 * Short-lived facts, of this process alone or shared by all that use the same server. Keys are texts of the caller's own
 * choice; everything ends with its life. While a shared one cannot be reached, every call fails with `ServiceUnavailable`
 * after two seconds at most, and `isConnected` is false.
 */
export interface Cache {
  /** Whether other processes see the same: then it outlives this one. */
  readonly isShared: boolean;
  /** Whether calls are answered and messages heard. Messages sent while it was false are lost. */
  readonly isConnected: boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, lifeMs: number): Promise<void>;
  /** The same, but only over a value that is still there; false when there was none. */
  replace(key: string, value: string, lifeMs: number): Promise<boolean>;
  /** Reads and removes in one step: of two who take at the same moment, one gets nothing. */
  take(key: string): Promise<string | undefined>;
  /** Forgets values, sets and times of these names. */
  remove(keys: readonly string[]): Promise<void>;
  /** Puts a member into a set; the set lives as long as its longest-lived member. */
  join(set: string, member: string, lifeMs: number): Promise<void>;
  leave(set: string, members: readonly string[]): Promise<void>;
  members(set: string): Promise<string[]>;
  /** Notes that something happened now; answers when it happened within the window, oldest first, this time included. */
  note(key: string, window: Window): Promise<number[]>;
  /** The same without noting anything. */
  noted(key: string, windowMs: number): Promise<number[]>;
  /** Tells every subscriber of every process, this one included. */
  publish(channel: string, message: string): Promise<void>;
  /** Resolves when messages are heard; the answer ends it. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => void>;
  /** Calls `listener` when the connection is lost, and when it is back with all subscriptions; the answer ends it. */
  onConnection(listener: (isConnected: boolean) => void): () => void;
  close(): Promise<void>;
}

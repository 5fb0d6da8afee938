import type { Logger } from '@kit/base';
import type { Redis } from 'ioredis';

const heartbeatMs = 1000;

interface Parts {
  readonly commands: Redis;
  readonly subscriber: Redis;
  readonly prefix: string;
  readonly log: Logger;
}

/** The messages of a Redis, and whether it is there: connected means that both connections are up and all channels heard. */
export class RedisMessages {
  readonly #parts: Parts;
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  readonly #watchers = new Set<(isConnected: boolean) => void>();
  readonly #heartbeat: NodeJS.Timeout;
  #isConnected = true;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { commands, subscriber } = parts;
    subscriber.on('message', (channel: string, message: string) => this.#hear(channel, message));
    for (const redis of [commands, subscriber]) {
      redis.on('close', () => this.#set(false));
      redis.on('ready', () => void this.#resume());
    }
    // The answers keep a live connection from falling silent; a dead one is closed after a few are missing.
    this.#heartbeat = setInterval(() => {
      for (const redis of [commands, subscriber]) redis.ping().catch(() => undefined); // a lost connection tells by itself
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => void> {
    const name = this.#parts.prefix + channel;
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    await this.#parts.subscriber.subscribe(name);
    return () => void listeners.delete(listener);
  }

  onConnection(listener: (isConnected: boolean) => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    this.#parts.subscriber.disconnect();
  }

  #hear(channel: string, message: string): void {
    for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(message);
  }

  /** Back is who hears everything again: until then messages are missed without notice. */
  async #resume(): Promise<void> {
    const { commands, subscriber, log } = this.#parts;
    if (commands.status !== 'ready' || subscriber.status !== 'ready') return;
    try {
      const channels = [...this.#listeners.keys()];
      if (channels.length > 0) await subscriber.subscribe(...channels);
      if (commands.status === 'ready' && subscriber.status === 'ready') this.#set(true);
    } catch (error) {
      log.warn('the channels of Redis were not subscribed to', { error });
      subscriber.disconnect(true);
    }
  }

  #set(isConnected: boolean): void {
    if (this.#isClosed || this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    if (isConnected) this.#parts.log.info('Redis is back');
    else this.#parts.log.warn('Redis is away');
    for (const watcher of [...this.#watchers]) watcher(isConnected);
  }
}

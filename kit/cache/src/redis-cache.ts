import { randomUUID } from 'node:crypto';
import { ApiError } from '@kit/base';
import type { Clock, Logger, Secret } from '@kit/base';
import type { Redis } from 'ioredis';
import type { Cache, Window } from './cache.ts';
import { connectRedis } from './redis-connection.ts';
import { RedisMessages } from './redis-messages.ts';

export interface RedisOptions {
  /** `redis://host:port/number`, or `rediss://` for TLS; the user's name may be in it. */
  readonly url: string;
  readonly password?: Secret;
  /** Stands before every key and channel: what shares the server and has another one sees nothing of ours. */
  readonly prefix: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * A cache on a Redis (7.0 or newer, or what speaks its protocol, such as Valkey). Throws `ServiceUnavailable` with its address when it
 * cannot be reached now; later it may come and go.
 */
export async function openRedisCache(options: RedisOptions): Promise<Cache> {
  const commands = await connectRedis(options, 'commands');
  const subscriber = await connectRedis(options, 'messages').catch((error: unknown) => {
    commands.disconnect();
    throw error;
  });
  return new RedisCache({ commands, subscriber }, options);
}

class RedisCache implements Cache {
  readonly isShared = true;
  readonly #redis: Redis;
  readonly #messages: RedisMessages;
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(
    { commands, subscriber }: { readonly commands: Redis; readonly subscriber: Redis },
    { prefix, clock, log }: RedisOptions,
  ) {
    this.#redis = commands;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#messages = new RedisMessages({ commands, subscriber, prefix, log });
  }

  get isConnected(): boolean {
    return this.#messages.isConnected;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#ask((redis) => redis.get(this.#key(key)))) ?? undefined;
  }

  async set(key: string, value: string, lifeMs: number): Promise<void> {
    if (lifeMs <= 0) return this.remove([key]);
    await this.#ask((redis) => redis.set(this.#key(key), value, 'PX', Math.ceil(lifeMs)));
  }

  async replace(key: string, value: string, lifeMs: number): Promise<boolean> {
    const done = await this.#ask((redis) =>
      redis.set(this.#key(key), value, 'PX', Math.max(1, Math.ceil(lifeMs)), 'XX'),
    );
    return done === 'OK';
  }

  async take(key: string): Promise<string | undefined> {
    return (await this.#ask((redis) => redis.getdel(this.#key(key)))) ?? undefined;
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#ask((redis) => redis.del(keys.map((key) => this.#key(key))));
  }

  async join(set: string, member: string, lifeMs: number): Promise<void> {
    const now = this.#clock.now();
    const key = this.#key(set);
    await this.#all((redis) =>
      redis
        .multi()
        .zremrangebyscore(key, '-inf', now)
        .zadd(key, now + lifeMs, member)
        // Only ever later: the set outlives its longest-lived member (a key without a life takes any, hence both).
        .pexpire(key, Math.ceil(lifeMs), 'NX')
        .pexpire(key, Math.ceil(lifeMs), 'GT'),
    );
  }

  async leave(set: string, members: readonly string[]): Promise<void> {
    if (members.length > 0) await this.#ask((redis) => redis.zrem(this.#key(set), ...members));
  }

  async members(set: string): Promise<string[]> {
    return this.#ask((redis) => redis.zrangebyscore(this.#key(set), `(${this.#clock.now()}`, '+inf'));
  }

  async note(key: string, { windowMs, most }: Window): Promise<number[]> {
    const now = this.#clock.now();
    const name = this.#key(key);
    const answers = await this.#all((redis) =>
      redis
        .multi()
        .zadd(name, now, `${now}-${randomUUID()}`)
        .zremrangebyscore(name, '-inf', now - windowMs)
        .zremrangebyrank(name, 0, -most - 1)
        .pexpire(name, Math.max(1, Math.ceil(windowMs)))
        .zrange(name, '0', '-1'),
    );
    return (answers.at(-1) as string[]).map(timeOf); // what zrange answers
  }

  async noted(key: string, windowMs: number): Promise<number[]> {
    const since = `(${this.#clock.now() - windowMs}`;
    return (await this.#ask((redis) => redis.zrangebyscore(this.#key(key), since, '+inf'))).map(timeOf);
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.#ask((redis) => redis.publish(this.#key(channel), message));
  }

  subscribe(channel: string, listener: (message: string) => void): Promise<() => void> {
    return this.#messages.subscribe(channel, listener);
  }

  onConnection(listener: (isConnected: boolean) => void): () => void {
    return this.#messages.onConnection(listener);
  }

  async close(): Promise<void> {
    this.#messages.close();
    this.#redis.disconnect();
  }

  #key(name: string): string {
    return this.#prefix + name;
  }

  async #ask<T>(run: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await run(this.#redis);
    } catch (cause) {
      throw unreachable(cause);
    }
  }

  /** Several commands in one step; each one's answer. */
  async #all(make: (redis: Redis) => ReturnType<Redis['multi']>): Promise<unknown[]> {
    const answers = await this.#ask((redis) => make(redis).exec());
    return (answers ?? []).map(([error, answer]) => {
      if (error) throw unreachable(error);
      return answer;
    });
  }
}

function unreachable(cause: unknown): ApiError {
  return new ApiError('ServiceUnavailable', 'the Redis that replicas share cannot be reached now; try again shortly', {
    cause,
    details: { retryAfterSeconds: 2 },
  });
}

function timeOf(member: string): number {
  return Number(member.split('-', 1)[0]);
}

import { ApiError } from '@kit/base';
import type { Redis } from 'ioredis';
import type { RedisOptions } from './redis-cache.ts';

const commandMs = 2000;
const connectMs = 3000;
/** A connection on which nothing was heard for so long is broken, whatever its socket says; see `heartbeatMs`. */
const silenceMs = 3000;
const slowestRetryMs = 1000;

/** One connection, up now; it comes back by itself, and refuses what is asked of it meanwhile. */
export async function connectRedis(options: RedisOptions, use: 'commands' | 'messages'): Promise<Redis> {
  // Loaded where a Redis is configured: nobody else pays for it.
  const { Redis } = await import('ioredis');
  const redis = new Redis(options.url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectMs,
    commandTimeout: commandMs,
    socketTimeout: silenceMs,
    connectionName: `freehold-${use}`,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), slowestRetryMs),
    ...(options.password ? { password: options.password.reveal() } : {}),
  });
  let lastError: unknown;
  redis.on('error', (error: unknown) => (lastError = error)); // what matters of it shows as a lost connection
  try {
    await redis.connect();
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw notReached(options.url, lastError ?? cause);
  }
}

function notReached(url: string, cause: unknown): ApiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ApiError('ServiceUnavailable', `the Redis at ${hostOf(url)} cannot be used: ${why}`, { cause });
}

/** The address without what may be secret in it. */
function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'the given address';
  }
}

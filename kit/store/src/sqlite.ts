import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { ApiError } from '@kit/base';

export type SqliteValue = null | number | bigint | string | Uint8Array;
export type SqliteRow = Record<string, SqliteValue>;

/** A prepared statement; the subset of `node:sqlite`'s `StatementSync` that we use. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...values: SqliteValue[]): SqliteRow | undefined;
  all(...values: SqliteValue[]): SqliteRow[];
  iterate(...values: SqliteValue[]): IterableIterator<SqliteRow>;
  /** The columns of the answer; empty for a statement that answers no rows. */
  columns(): { readonly name: string }[];
}

/** An open SQLite database. Every call is synchronous: page long reads, or use a worker. */
export interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteOptions {
  /** `full` (default): a commit is on disk when it returns. `normal`: the newest may be lost with the power, nothing is torn. */
  readonly synchronous?: 'full' | 'normal';
  /** How long a statement waits for another process that writes. */
  readonly busyTimeoutMs?: number;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => Sqlite;
}

/** Node's own engine where it is no longer experimental (Node >= 24), else the package with the same interface. */
function sqliteModule(): SqliteModule {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const builtIn = major < 24 ? undefined : (process.getBuiltinModule('node:sqlite') as SqliteModule | undefined); // @types/node 20 does not know the module
  return builtIn ?? (createRequire(import.meta.url)('@photostructure/sqlite') as SqliteModule); // same interface, loaded only where needed
}

// Primary result codes of https://www.sqlite.org/rescode.html
const openProblems: Readonly<Record<number, string>> = {
  3: 'it may not be read or written by this user',
  5: 'another process keeps it locked',
  8: 'it is read-only',
  10: 'the disk reports an error',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened or created',
  26: 'it is not a SQLite database',
};

function openError(path: string, cause: unknown): ApiError {
  const { errcode, code, message } = cause as { errcode?: number; code?: string; message: string }; // what fs and SQLite throw
  const known: Record<string, string> = {
    EACCES: 'it may not be read or written by this user',
    EROFS: 'it is on a read-only file system',
    ENOENT: `the folder "${dirname(path)}" does not exist`,
    EISDIR: 'it is a folder',
    ENOTDIR: `"${dirname(path)}" is not a folder`,
  };
  const why = known[code ?? ''] ?? openProblems[(errcode ?? 0) & 0xff] ?? message;
  return new ApiError('ServiceUnavailable', `cannot open the database "${path}": ${why}`, { cause });
}

/**
 * The package's `close` leaves the connection to the garbage collector while a statement lives, so the log is written
 * into the file here: what is left behind is one whole file, whichever engine ran.
 */
function closing(database: Sqlite): Sqlite {
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => database.prepare(sql),
    close() {
      try {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        database.close();
      }
    },
  };
}

/**
 * Opens or creates the database in the file `path` (created readable by its owner only), or one in memory for
 * `:memory:`. Throws one `ServiceUnavailable` sentence that names the file when it is not to be used.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Sqlite {
  const { DatabaseSync } = sqliteModule();
  let database: Sqlite | undefined;
  try {
    if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? 5000}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${options.synchronous ?? 'full'}`);
    database.exec('PRAGMA foreign_keys = ON');
    database.exec('SELECT count(*) FROM sqlite_schema'); // the first read of the file: what is not a database shows here
    return closing(database);
  } catch (cause) {
    database?.close();
    throw openError(path, cause);
  }
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { Migrations } from './migrations.ts';
import { migrate } from './migrations.ts';
import { openSqlite } from './sqlite.ts';
import type { SqliteOptions } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

/** The records of all features in one database. */
export interface Store {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each feature narrows it to its own tables: `Kysely<IamTables>`
  readonly db: Kysely<any>;
  /** Ends running queries and closes the database; a second call does nothing. */
  close(): Promise<void>;
}

export interface StoreOptions extends SqliteOptions {
  /** The database file, made with its folder when missing, or `:memory:`. */
  readonly path: string;
  readonly migrations: readonly Migrations[];
}

/** Opens the database and brings its tables up to date; throws an `ApiError` that names the file when it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.path !== ':memory:') mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  const db = new Kysely<unknown>({ dialect: sqliteDialect(openSqlite(options.path, options)) });
  try {
    await migrate(db, options.migrations);
  } catch (cause) {
    await db.destroy();
    throw cause;
  }
  return { db, close: () => db.destroy() };
}

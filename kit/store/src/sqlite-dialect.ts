import { SqliteDialect } from 'kysely';
import type { Dialect } from 'kysely';
import type { Sqlite, SqliteValue } from './sqlite.ts';

/** Kysely over an open database; destroying the Kysely instance closes it. */
export function sqliteDialect(database: Sqlite): Dialect {
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = database.prepare(sql);
        const values = (list: readonly unknown[]): SqliteValue[] => list as SqliteValue[]; // SQLite itself refuses any other type, by position
        return {
          reader: statement.columns().length > 0,
          all: (list) => statement.all(...values(list)),
          run: (list) => statement.run(...values(list)),
          iterate: (list) => statement.iterate(...values(list)),
        };
      },
    },
  });
}

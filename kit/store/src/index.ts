export { openSqlite } from './sqlite.ts';
export type { Sqlite, SqliteOptions, SqliteRow, SqliteStatement, SqliteValue } from './sqlite.ts';
export { sqliteDialect } from './sqlite-dialect.ts';
export { defineMigrations, migrate } from './migrations.ts';
export type { MigrationStep, Migrations } from './migrations.ts';
export { openStore } from './store.ts';
export type { Store, StoreOptions } from './store.ts';

import { defineMigrations } from '@kit/store';

/** The tables of sessions, and of what is handed out once and taken back once. */
export const iamMigrations = defineMigrations('iam', [
  {
    name: 'sessions',
    async up(db) {
      await db.schema
        .createTable('iam_sessions')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('user_name', 'varchar(253)', (column) => column.notNull())
        .addColumn('user_uid', 'varchar(64)', (column) => column.notNull())
        .addColumn('created_ms', 'bigint', (column) => column.notNull())
        .addColumn('expires_ms', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('iam_sessions_user').on('iam_sessions').column('user_name').execute();
    },
  },
  {
    name: 'session-about',
    up: (db) => db.schema.alterTable('iam_sessions').addColumn('about', 'text').execute(),
  },
  {
    name: 'tickets',
    async up(db) {
      await db.schema
        .createTable('iam_tickets')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('purpose', 'varchar(32)', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('expires_ms', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  {
    // They live minutes, in the cache that replicas may share.
    name: 'tickets-in-the-cache',
    up: (db) => db.schema.dropTable('iam_tickets').execute(),
  },
]);

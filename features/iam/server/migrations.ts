import { defineMigrations } from '@kit/store';

/** The tables of sessions. */
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
]);

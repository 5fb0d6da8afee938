export { sessionMigrations as storeMigrations } from '@feature/iam/server';

import { iamMigrations } from '@feature/iam/server';

/** The tables of each feature that keeps records. */
export const storeMigrations = [iamMigrations];

import { ApiError } from '@kit/base';
import { Migrator, sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

/** One step of a feature's tables. It has run on somebody's data: never change one, add the next. */
export interface MigrationStep {
  /** A few words in kebab-case, e.g. `sessions`. */
  readonly name: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a migration meets tables of a shape that today's types no longer have
  up(db: Kysely<any>): Promise<void>;
}

/** The tables of one feature, as the steps that lead to them. */
export interface Migrations {
  readonly feature: string;
  readonly steps: readonly MigrationStep[];
}

/** Declares the steps of `feature` in the order they run; the name of every table made must start with `<feature>_`. */
export function defineMigrations(feature: string, steps: readonly MigrationStep[]): Migrations {
  return { feature, steps };
}

async function tableNames(db: Kysely<unknown>): Promise<string[]> {
  return (await db.introspection.getTables()).map((table) => table.name);
}

function guarded(feature: string, step: MigrationStep): Migration {
  const prefix = `${feature.replaceAll('-', '_')}_`;
  return {
    async up(db: Kysely<unknown>) {
      const before = new Set(await tableNames(db));
      await step.up(db);
      const foreign = (await tableNames(db)).find((name) => !before.has(name) && !name.startsWith(prefix));
      if (foreign)
        throw new Error(
          `migration "${step.name}" of ${feature} makes table "${foreign}", which does not start with "${prefix}"`,
        );
    },
  };
}

function byName(all: readonly Migrations[]): Record<string, Migration> {
  const numbered = all.flatMap(({ feature, steps }) =>
    steps.map(
      (step, at) => [`${feature}/${String(at + 1).padStart(3, '0')}-${step.name}`, guarded(feature, step)] as const,
    ),
  );
  const named: Record<string, Migration> = Object.fromEntries(numbered);
  if (Object.keys(named).length < numbered.length) throw new Error('two sets of migrations have the same feature name');
  return named;
}

async function refuseNewer(db: Kysely<unknown>, known: Record<string, Migration>): Promise<void> {
  if (!(await tableNames(db)).includes('freehold_migration')) return;
  const { rows } = await sql<{ name: string }>`select name from freehold_migration`.execute(db);
  const unknown = rows.map((row) => row.name).filter((name) => !(name in known));
  if (unknown.length === 0) return;
  throw new ApiError(
    'ServiceUnavailable',
    `the database was written by a newer version: it has tables this version does not know (${unknown.join(', ')})`,
  );
}

/**
 * Brings the tables of all features up to date, in one transaction where the database has that: all steps or none.
 * A database with steps that are not in `all` comes from a newer version and is refused, untouched.
 */
export async function migrate(db: Kysely<unknown>, all: readonly Migrations[]): Promise<void> {
  const known = byName(all);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(known) },
    migrationTableName: 'freehold_migration',
    migrationLockTableName: 'freehold_migration_lock',
    allowUnorderedMigrations: true, // a feature that comes later sorts among those that have already run
  });
  await refuseNewer(db, known);
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first step';
  throw new ApiError('InternalError', `the database could not be brought up to date: ${failed} failed`, {
    cause: error,
  });
}

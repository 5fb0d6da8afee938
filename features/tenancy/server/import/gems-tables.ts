import { ApiError } from '@kit/base';
import { readTable, type DumpRow } from './read-dump.ts';

/** The tables of KubeGems' database that are read, by its own names. */
export const gemsTableNames = [
  'tenants',
  'projects',
  'environments',
  'clusters',
  'users',
  'system_roles',
  'tenant_user_rels',
  'project_user_rels',
  'environment_user_rels',
  'tenant_resource_quota',
] as const;

export type GemsTableName = (typeof gemsTableNames)[number];

/** What a KubeGems knows of people and places: rows by column, whether they come from a dump or from its API. */
export type GemsTables = Readonly<Record<GemsTableName, readonly DumpRow[]>>;

/** The rows of a MySQL dump; what was deleted softly is not there. `BadRequest` for a dump of something else. */
export function gemsTablesOf(dump: string): GemsTables {
  const tables = Object.fromEntries(
    gemsTableNames.map((name) => [name, readTable(dump, name).filter((row) => row['deleted_at'] === undefined)]),
  ) as Record<GemsTableName, DumpRow[]>; // cast: one entry for each name
  if (tables.tenants.length === 0)
    throw new ApiError('BadRequest', 'the dump has no rows of table "tenants": is it one of KubeGems’ database?');
  return tables;
}

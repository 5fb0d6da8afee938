import { ApiError } from '@kit/base';
import { Compile } from 'typebox/compile';
import { Type } from 'typebox';
import type { GemsTables } from './gems-tables.ts';
import type { DumpRow } from './read-dump.ts';

export interface GemsServer {
  /** Where KubeGems' API answers, as `https://gems.example.com/api`. */
  readonly url: string;
  /** A token of a system administrator. */
  readonly token: string;
}

const pageSize = 100;
const longestPages = 1000;
const answer = Compile(Type.Object({ data: Type.Optional(Type.Unknown()), message: Type.Optional(Type.String()) }));
const page = Compile(
  Type.Object({ list: Type.Array(Type.Record(Type.String(), Type.Unknown())), total: Type.Number() }),
);

/** Releases differ in how they write the words of the envelope: `Data` or `data`, `List` or `list`. */
const lowered = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), inner]));

/** A column as the database has it: `TenantName` is `tenant_name`, `ProjectID` is `project_id`. */
const columnOf = (key: string): string => key.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();

function valueOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

const rowOf = (item: Readonly<Record<string, unknown>>): DumpRow =>
  Object.fromEntries(Object.entries(item).map(([key, value]) => [columnOf(key), valueOf(value)]));

async function ask({ url, token }: GemsServer, path: string): Promise<unknown> {
  const target = new URL(`${url.replace(/\/+$/, '')}/v1/${path}`);
  let response: Response;
  try {
    response = await fetch(target, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      redirect: 'error', // the token is for this address only
      signal: AbortSignal.timeout(30_000),
    });
  } catch (cause) {
    throw new ApiError('ServiceUnavailable', `KubeGems at ${target.origin} does not answer`, { cause });
  }
  const body: unknown = await response.json().catch(() => undefined);
  const read = typeof body === 'object' && body !== null ? lowered(body) : undefined;
  if (!response.ok || !answer.Check(read)) {
    const said = answer.Check(read) && read.message ? `: ${read.message}` : '';
    throw new ApiError('BadRequest', `KubeGems answers ${response.status} at ${target.pathname}${said}`);
  }
  return read.data;
}

/** All items of a list, page by page. */
async function listAll(server: GemsServer, path: string): Promise<DumpRow[]> {
  const rows: DumpRow[] = [];
  for (let number = 1; number <= longestPages; number += 1) {
    const data = await ask(server, `${path}?page=${number}&size=${pageSize}`);
    const read = typeof data === 'object' && data !== null ? lowered(data) : undefined;
    if (!page.Check(read)) throw new ApiError('BadRequest', `KubeGems answers no list at /v1/${path}`);
    rows.push(...read.list.map(rowOf));
    if (read.list.length === 0 || rows.length >= read.total) return rows;
  }
  return rows;
}

/** Members of a place, as the table that relates them has them. */
async function relations(
  server: GemsServer,
  place: 'tenant' | 'project' | 'environment',
  id: string,
): Promise<DumpRow[]> {
  const members = await listAll(server, `${place}/${id}/user`);
  return members.map(({ id: user, role }) => ({ [`${place}_id`]: id, user_id: user, role }));
}

/** The role of the platform comes with each person, not as a list. */
function systemRolesOf(users: readonly DumpRow[]): DumpRow[] {
  return users.flatMap(({ system_role: role }) => {
    const read: unknown = role === undefined ? undefined : JSON.parse(role);
    return typeof read === 'object' && read !== null ? [rowOf(read as Record<string, unknown>)] : []; // cast: a non-null object
  });
}

async function each<T>(rows: readonly DumpRow[], read: (id: string) => Promise<T[]>): Promise<T[]> {
  const found: T[] = [];
  for (const { id } of rows) if (id !== undefined) found.push(...(await read(id)));
  return found;
}

/** Reads a running KubeGems through its API; passwords are the one thing that it does not tell. */
export async function readGemsApi(server: GemsServer): Promise<GemsTables> {
  const tenants = await listAll(server, 'tenant');
  const projects = await each(tenants, (id) => listAll(server, `tenant/${id}/project`));
  const environments = await each(projects, (id) => listAll(server, `project/${id}/environment`));
  const users = await listAll(server, 'user');
  return {
    tenants,
    projects,
    environments,
    clusters: await listAll(server, 'cluster'),
    users,
    system_roles: systemRolesOf(users),
    tenant_user_rels: await each(tenants, (id) => relations(server, 'tenant', id)),
    project_user_rels: await each(projects, (id) => relations(server, 'project', id)),
    environment_user_rels: await each(environments, (id) => relations(server, 'environment', id)),
    tenant_resource_quota: await each(tenants, (id) => listAll(server, `tenant/${id}/tenantresourcequota`)),
  };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gemsTablesOf, type GemsTables } from '@feature/tenancy/server';

export interface GemsServer {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

type Row = Readonly<Record<string, unknown>>;

/** A column as the API writes it: `tenant_name` is `TenantName`, `project_id` is `ProjectID`. */
const keyOf = (column: string): string =>
  column
    .split('_')
    .map((word) => (word === 'id' ? 'ID' : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');

const numbers = /(^|_)id$/;
function shown(row: Readonly<Record<string, string | undefined>>): Row {
  const entries = Object.entries(row).filter(([column]) => column !== 'password');
  return Object.fromEntries(
    entries.map(([column, text]) => {
      if (text !== undefined && column === 'is_active') return [keyOf(column), text === '1'];
      if (text !== undefined && column === 'content') return [keyOf(column), JSON.parse(text)];
      return [keyOf(column), text !== undefined && numbers.test(column) ? Number(text) : (text ?? null)];
    }),
  );
}

/** The lists that KubeGems serves, by path, with the row that each asks about. */
function listAt(tables: GemsTables, path: string): Row[] | undefined {
  const [kind = '', id = '', part = ''] = path.split('/');
  const members = (relations: GemsTables['users'], key: string): Row[] =>
    relations
      .filter((one) => one[key] === id)
      .flatMap((one) => {
        const user = tables.users.find((person) => person['id'] === one['user_id']);
        return user ? [{ ...shown(user), Role: one['role'] }] : [];
      });
  const withRole = tables.users.map((user) => {
    const role = tables.system_roles.find((one) => one['id'] === user['system_role_id']);
    return { ...shown(user), SystemRole: role ? shown(role) : null };
  });
  const of = (rows: GemsTables['users'], key: string): Row[] => rows.filter((one) => one[key] === id).map(shown);
  const lists: Readonly<Record<string, () => Row[]>> = {
    tenant: () => tables.tenants.map(shown),
    cluster: () => tables.clusters.map(shown),
    user: () => withRole,
    'tenant/user': () => members(tables.tenant_user_rels, 'tenant_id'),
    'tenant/project': () => of(tables.projects, 'tenant_id'),
    'tenant/tenantresourcequota': () => of(tables.tenant_resource_quota, 'tenant_id'),
    'project/user': () => members(tables.project_user_rels, 'project_id'),
    'project/environment': () => of(tables.environments, 'project_id'),
    'environment/user': () => members(tables.environment_user_rels, 'environment_id'),
  };
  return lists[part ? `${kind}/${part}` : kind]?.();
}

/** KubeGems' API over the rows of a dump: its paths, its paging and its envelope, behind its bearer token. */
export async function startGemsServer(dump: string): Promise<GemsServer> {
  const tables = gemsTablesOf(dump);
  const token = 'a-token-of-gems-root';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gems');
    const reply = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${token}`) return reply(401, { message: 'unauthorized', data: null });
    const rows = url.pathname.startsWith('/api/v1/')
      ? listAt(tables, url.pathname.slice('/api/v1/'.length))
      : undefined;
    if (!rows) return reply(404, { message: 'no such page', data: null });
    const [page, size] = [
      Number(url.searchParams.get('page') ?? 1),
      Math.min(2, Number(url.searchParams.get('size') ?? 10)),
    ];
    const list = rows.slice((page - 1) * size, page * size);
    reply(200, {
      message: 'ok',
      data: { Total: rows.length, List: list, CurrentPage: page, CurrentSize: size },
      error: null,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    token,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

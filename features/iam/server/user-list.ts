import type { Row, SortKey } from '@kit/kube';
import { listQuery, listRows } from '@kit/kube/listing';
import type { Filter, QueryValues } from '@kit/kube/listing';
import { annotations, publicUser } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { globalRoleOf } from './global-role.ts';
import type { IamParts } from './parts.ts';

export interface UserPage {
  readonly items: readonly UserObject[];
  readonly totalItems: number;
}

/** One page of users, shown with their platform role, or with what `extra` says of each in its place. */
export function userPage(
  parts: Pick<IamParts, 'index'>,
  list: {
    readonly rows: Iterable<Row<UserObject>>;
    readonly query: QueryValues;
    readonly extra?: (name: string) => Record<string, string>;
  },
): UserPage {
  const filters = userFilters(parts);
  const page = listRows(list.rows, listQuery(list.query), { filters, sorts });
  const items = page.rows.map((row) => {
    if (list.extra) return publicUser(userIn(row), list.extra(row.name));
    const role = globalRoleOf(parts, row.name);
    return publicUser(userIn(row), role === undefined ? {} : { [annotations.globalRole]: role });
  });
  return { items, totalItems: page.totalItems };
}

function userIn(row: Row): UserObject {
  return row.object() as UserObject; // these lists are made from views of users only
}

const sorts: Readonly<Record<string, SortKey>> = {
  lastLoginTime: (row) => userIn(row).status?.lastLoginTime ?? '',
};

function userFilters(parts: Pick<IamParts, 'index'>): Record<string, Filter> {
  return {
    email: (value) => (row) => userIn(row).spec.email === value,
    status: (value) => (row) => userIn(row).status?.state === value,
    ingroup: (value) => (row) => userIn(row).spec.groups?.includes(value) === true,
    notingroup: (value) => (row) => userIn(row).spec.groups?.includes(value) !== true,
    globalrole: (value) => (row) => globalRoleOf(parts, row.name) === value,
  };
}

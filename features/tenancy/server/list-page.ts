import { JsonBytes } from '@kit/http';
import type { Row } from '@kit/kube';
import { listQuery, listRows, pageBytes, type Filter, type QueryValues } from '@kit/kube/listing';

const phase: Filter = (value) => (row) => (row.object().status as { phase?: string } | undefined)?.phase === value; // cast: only namespaces get this filter

/** One page of rows as the list answer of the KubeSphere API. */
export function listPage(rows: Iterable<Row>, query: QueryValues): JsonBytes {
  return new JsonBytes(pageBytes(listRows(rows, listQuery(query), { filters: { status: phase } })));
}

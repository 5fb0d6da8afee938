/** A login record, as far as keeping it is concerned. */
export interface RecordAge {
  readonly name: string;
  readonly createdMs: number;
}

const keptMs = 7 * 24 * 3_600_000;
const keptPerUser = 100;

/** The records of one user that are too old or too many to keep; KubeSphere 3.4 keeps a week, and 100 of each user. */
export function loginRecordsToDrop(records: readonly RecordAge[], nowMs: number): RecordAge[] {
  const newestFirst = [...records].sort((a, b) => b.createdMs - a.createdMs || (a.name < b.name ? -1 : 1));
  return newestFirst.filter((record, index) => index >= keptPerUser || nowMs - record.createdMs > keptMs);
}

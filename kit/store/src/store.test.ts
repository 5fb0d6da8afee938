import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isApiError } from '@kit/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeSuite } from '../testing/store-suite.ts';
import { defineMigrations, openSqlite, openStore } from './index.ts';

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

storeSuite('SQLite in memory', () => ({
  keepsData: false,
  open: (migrations) => openStore({ path: ':memory:', migrations }),
}));

storeSuite('a SQLite file', () => {
  const path = join(folder, `${++files}`, 'freehold.db');
  return { keepsData: true, open: (migrations) => openStore({ path, migrations }) };
});

const rows = defineMigrations('rows', [
  { name: 'row', up: (db) => db.schema.createTable('rows_row').addColumn('value', 'text').execute() },
]);

describe('openSqlite', () => {
  it('makes a file that only its owner may read', () => {
    const path = join(folder, 'private.db');
    openSqlite(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  const unusable: { why: string; says: string; make: (path: string) => void }[] = [
    {
      why: 'a file of another kind',
      says: 'not a SQLite database',
      make: (path) => writeFileSync(path, 'text '.repeat(500)),
    },
    {
      why: 'a file whose table of contents is overwritten',
      says: 'damaged',
      make: (path) => {
        const database = openSqlite(path);
        database.exec('CREATE TABLE t(v TEXT)');
        database.close();
        writeFileSync(path, readFileSync(path).fill(0xff, 100, 4096));
      },
    },
    { why: 'a folder', says: 'is a folder', make: (path) => mkdirSync(path) },
  ];
  it.each(unusable)('says in one sentence why it cannot use $why', ({ says, make }) => {
    const path = join(folder, `bad-${++files}`);
    make(path);
    const open = (): unknown => openSqlite(path);
    expect(open).toThrow(says);
    expect(open).toThrow(path);
  });

  it('says that the folder of the file is missing', () => {
    expect(() => openSqlite(join(folder, 'nowhere', 'a.db'))).toThrow('does not exist');
  });

  it('does not write to a file it refuses', () => {
    const path = join(folder, 'foreign');
    writeFileSync(path, 'not ours '.repeat(300));
    const before = readFileSync(path);
    expect(() => openSqlite(path)).toThrow();
    expect(readFileSync(path)).toEqual(before);
  });
});

describe('openStore', () => {
  it('reports a file it may not read with a reason', async () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'x'.repeat(3000));
    chmodSync(path, 0o400);
    const failure: unknown = await openStore({ path, migrations: [rows] }).catch((error: unknown) => error);
    expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
  });

  it('refuses two sets of migrations under one name', async () => {
    await expect(openStore({ path: ':memory:', migrations: [rows, rows] })).rejects.toThrow('same feature name');
  });
});

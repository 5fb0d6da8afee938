import { ApiError } from '@kit/base';
import type { Generated, Kysely } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { Migrations, Store } from '../src/index.ts';
import { defineMigrations } from '../src/index.ts';

interface NoteTables {
  notes_note: { id: Generated<number>; title: string; body: Uint8Array | null };
}

const notes = defineMigrations('notes', [
  {
    name: 'note',
    up: (db) =>
      db.schema
        .createTable('notes_note')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('title', 'text', (column) => column.notNull().unique())
        .addColumn('body', 'blob')
        .execute(),
  },
]);
const colours = defineMigrations('colours', [
  { name: 'colour', up: (db) => db.schema.createTable('colours_colour').addColumn('name', 'text').execute() },
]);

/** Opens the driver under test: `reopen` opens the same data again, and is absent where nothing outlives the store. */
export interface StoreDriver {
  open(migrations: readonly Migrations[]): Promise<Store>;
  readonly keepsData: boolean;
}

/** What every driver of the store promises, whatever database is behind it. */
export function storeSuite(name: string, makeDriver: () => StoreDriver): void {
  describe(`store on ${name}`, () => {
    const opened: Store[] = [];
    const open = async (driver: StoreDriver, migrations: readonly Migrations[]): Promise<Store> => {
      const store = await driver.open(migrations);
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
    });
    recordsSuite(() => open(makeDriver(), [notes]));
    migrationsSuite(makeDriver, open);
  });
}

function recordsSuite(openNotes: () => Promise<Store>): void {
  it('keeps text, bytes and null as they were given', async () => {
    const { db } = await openNotes();
    const body = new Uint8Array([0, 255, 10]);
    await db
      .insertInto('notes_note')
      .values([
        { title: 'héllo 한국 "quoted"', body },
        { title: '', body: null },
      ])
      .execute();
    const rows = await db.selectFrom('notes_note').select(['title', 'body']).orderBy('id').execute();
    expect(rows.map((row) => ({ ...row, body: row.body && [...(row.body as Uint8Array)] }))).toEqual([
      { title: 'héllo 한국 "quoted"', body: [0, 255, 10] },
      { title: '', body: null },
    ]);
  });

  it('tells how many rows a write changed, and the id of a new one', async () => {
    const { db } = await openNotes();
    const made = await db.insertInto('notes_note').values({ title: 'a' }).executeTakeFirstOrThrow();
    expect(made.insertId).toBe(1n);
    const changed = await db
      .updateTable('notes_note')
      .set({ title: 'b' })
      .where('title', '=', 'a')
      .executeTakeFirstOrThrow();
    expect(changed.numUpdatedRows).toBe(1n);
    const none = await db.deleteFrom('notes_note').where('title', '=', 'a').executeTakeFirstOrThrow();
    expect(none.numDeletedRows).toBe(0n);
  });

  it('undoes a transaction that throws, and keeps one that does not', async () => {
    const { db } = await openNotes();
    await expect(
      db.transaction().execute(async (tx) => {
        await tx.insertInto('notes_note').values({ title: 'lost' }).execute();
        await tx.insertInto('notes_note').values({ title: 'lost' }).execute();
      }),
    ).rejects.toThrow();
    await db.transaction().execute((tx) => tx.insertInto('notes_note').values({ title: 'kept' }).execute());
    expect(await db.selectFrom('notes_note').select('title').execute()).toEqual([{ title: 'kept' }]);
  });

  it('keeps what runs beside a transaction out of it', async () => {
    const { db } = await openNotes();
    const first = db.transaction().execute(async (tx) => {
      await tx.insertInto('notes_note').values({ title: 'in' }).execute();
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('undo');
    });
    const beside = db.insertInto('notes_note').values({ title: 'beside' }).execute();
    await expect(first).rejects.toThrow('undo');
    await beside;
    expect(await db.selectFrom('notes_note').select('title').execute()).toEqual([{ title: 'beside' }]);
  });

  it('streams rows one by one', async () => {
    const { db } = await openNotes();
    await db
      .insertInto('notes_note')
      .values(Array.from({ length: 300 }, (_, at) => ({ title: `note ${at}` })))
      .execute();
    const seen: string[] = [];
    for await (const row of db.selectFrom('notes_note').select('title').orderBy('id').stream())
      seen.push(row.title as string);
    expect(seen).toHaveLength(300);
    expect(seen.at(-1)).toBe('note 299');
  });

  it('has types a feature can narrow it to', async () => {
    const store = await openNotes();
    const db: Kysely<NoteTables> = store.db;
    expect(await db.selectFrom('notes_note').selectAll().execute()).toEqual([]);
  });
}

function migrationsSuite(
  makeDriver: () => StoreDriver,
  open: (driver: StoreDriver, migrations: readonly Migrations[]) => Promise<Store>,
): void {
  it('undoes every step when one fails, and says which', async () => {
    const broken = defineMigrations('broken', [{ name: 'boom', up: () => Promise.reject(new Error('no')) }]);
    const driver = makeDriver();
    await expect(open(driver, [notes, broken])).rejects.toThrow('broken/001-boom');
    const { db } = await open(driver, [notes]);
    expect(await db.selectFrom('notes_note').selectAll().execute()).toEqual([]);
  });

  it('refuses a table that does not carry the name of its feature', async () => {
    const stray = defineMigrations('stray', [
      { name: 'users', up: (db) => db.schema.createTable('users').addColumn('name', 'text').execute() },
    ]);
    const failure: unknown = await open(makeDriver(), [stray]).catch((error: unknown) => error);
    expect((failure as ApiError).cause).toMatchObject({ message: expect.stringContaining('"stray_"') as string });
  });

  it('keeps its data, and takes a new feature in, when it is opened again', async (context) => {
    const driver = makeDriver();
    if (!driver.keepsData) return context.skip();
    const before = await driver.open([notes]);
    await before.db.insertInto('notes_note').values({ title: 'kept' }).execute();
    await before.close();
    const { db } = await open(driver, [colours, notes]);
    expect(await db.selectFrom('notes_note').select('title').execute()).toEqual([{ title: 'kept' }]);
    expect(await db.selectFrom('colours_colour').selectAll().execute()).toEqual([]);
  });

  it('refuses data of a newer version and leaves it as it is', async (context) => {
    const driver = makeDriver();
    if (!driver.keepsData) return context.skip();
    await (await driver.open([notes, colours])).close();
    const failure: unknown = await open(driver, [notes]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect((failure as ApiError).message).toContain('newer');
    await open(driver, [notes, colours]);
  });
}

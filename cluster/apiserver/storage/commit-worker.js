// The thread that owns the database file. Plain JavaScript, because Node 20 cannot run TypeScript in a worker.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

/** Written into every file we make, so that no other program's database is taken for ours ("FrhK"). */
const applicationId = 0x4672684b;
const schemaVersion = 1;
const loadChunk = 2000;

// Node's own engine where it is no longer experimental, else the package with the same interface.
const builtIn = Number.parseInt(process.versions.node, 10) < 24 ? undefined : process.getBuiltinModule('node:sqlite');
const { DatabaseSync } = builtIn ?? createRequire(import.meta.url)('@photostructure/sqlite');

const pragma = (db, name) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];

function checkFile(db) {
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get().n;
  const id = pragma(db, 'application_id');
  if (tables === 0 && id === 0) return 'new';
  if (id !== applicationId) throw new Error('it belongs to another program');
  const version = pragma(db, 'user_version');
  if (version > schemaVersion)
    throw new Error('it was written by a newer Freehold; start that version, or use another folder');
  const [first] = db.prepare('PRAGMA quick_check(1)').all();
  if (Object.values(first ?? {})[0] !== 'ok')
    throw new Error('it is damaged; restore it from a backup, or use another folder');
  return 'ours';
}

function create(db) {
  db.exec(`
    BEGIN;
    CREATE TABLE versions (
      revision INTEGER PRIMARY KEY,
      resource TEXT NOT NULL,
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      deleted INTEGER NOT NULL,
      value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), floor INTEGER NOT NULL, revision INTEGER NOT NULL) STRICT;
    INSERT INTO state VALUES (1, 0, 0);
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    COMMIT;`);
}

/** @param {string} path */
function open(path) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path);
  try {
    // Held until the process ends, however it ends: the lock that keeps a second process out of the folder.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    if (checkFile(db) === 'new') create(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

// https://www.sqlite.org/rescode.html
const openProblems = {
  3: 'it may not be read or written by this user',
  5: 'another process is using it',
  8: 'it is read-only',
  10: 'the disk reports an error',
  11: 'it is damaged; restore it from a backup, or use another folder',
  13: 'the disk is full',
  14: 'it cannot be opened or created',
  26: 'it is not a database, or it is damaged',
  EACCES: 'it may not be read or written by this user',
  EROFS: 'it is on a read-only file system',
};

const sentence = (error) => openProblems[error.code] ?? openProblems[(error.errcode ?? 0) & 0xff] ?? error.message;

/** Sends every row in order, in chunks. */
function load(db) {
  const select = db.prepare(
    'SELECT revision, resource, namespace, name, deleted, value FROM versions WHERE revision > ? ORDER BY revision LIMIT ?',
  );
  for (let after = 0; ;) {
    const rows = select.all(after, loadChunk).map((row) => ({ ...row, deleted: row.deleted === 1 }));
    if (rows.length === 0) break;
    after = rows.at(-1).revision;
    parentPort.postMessage({ type: 'rows', rows });
  }
  parentPort.postMessage({ type: 'loaded', ...stateOf(db), mode: modeOf(db) });
}

/** The newest revision is that of the newest row, or a later one where a restored cluster leaves a gap. */
const stateOf = (db) =>
  db
    .prepare('SELECT floor, max(revision, (SELECT ifnull(max(revision), 0) FROM versions)) AS revision FROM state')
    .get();

/** What the database itself says about when a commit is safe. */
function modeOf(db) {
  const synchronous = ['OFF', 'NORMAL', 'FULL', 'EXTRA'][pragma(db, 'synchronous')];
  return `${String(pragma(db, 'journal_mode')).toUpperCase()}, synchronous=${synchronous}`;
}

function commitWith(db) {
  const insert = db.prepare('INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM versions WHERE revision = ?');
  const mark = db.prepare('UPDATE state SET floor = ?');
  let marked = stateOf(db).floor;
  return ({ rows, drop, floor }) => {
    db.exec('BEGIN');
    try {
      for (const r of rows) insert.run(r.revision, r.resource, r.namespace, r.name, r.deleted ? 1 : 0, r.value);
      for (const revision of drop) remove.run(revision);
      if (floor !== marked) mark.run(floor);
      db.exec('COMMIT');
      marked = floor;
    } catch (error) {
      if (db.isTransaction ?? true) db.exec('ROLLBACK');
      throw error;
    }
  };
}

/** A copy that is whole in itself: the newest state, the history, and the files that belong to it. */
function backUp(db, { file, attachments }) {
  closeSync(openSync(file, 'wx', 0o600));
  db.prepare('VACUUM INTO ?').run(file);
  const copy = new DatabaseSync(file);
  try {
    copy.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`);
    copy.exec('CREATE TABLE attachments (name TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT');
    const insert = copy.prepare('INSERT INTO attachments VALUES (?, ?)');
    for (const { name, content } of attachments) insert.run(name, content);
  } finally {
    copy.close();
  }
}

function serve(db) {
  const commit = commitWith(db);
  const work = {
    commit: ({ batch }) => commit(batch),
    backup: (message) => backUp(db, message),
    close: () => db.close(),
  };
  const done = { commit: 'committed', backup: 'backedUp', close: 'closed' };
  parentPort.on('message', (message) => {
    try {
      work[message.type](message);
      parentPort.postMessage({ type: done[message.type] });
      if (message.type === 'close') parentPort.close();
    } catch (error) {
      parentPort.postMessage({ type: 'failed', problem: sentence(error) });
    }
  });
}

/** How far the revisions of a restored cluster are from all that were ever given out after its backup. */
const revisionGap = 1_000_000;

/** Turns a copy of a backup into a database to start from; answers its attachments. */
function restore(path) {
  const db = new DatabaseSync(path);
  try {
    if (checkFile(db) === 'new') throw new Error('it is not a backup');
    const isBackup = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'attachments'").get().n === 1;
    if (!isBackup) throw new Error('it is a database of a cluster, not a backup of one');
    const attachments = db.prepare('SELECT name, content FROM attachments').all();
    // Clients may remember revisions from after the backup: they must find theirs expired, not in use for something else.
    db.exec(`
      BEGIN;
      DROP TABLE attachments;
      UPDATE state SET revision = ${stateOf(db).revision + revisionGap};
      DELETE FROM versions WHERE revision NOT IN (SELECT max(revision) FROM versions GROUP BY resource, namespace, name);
      DELETE FROM versions WHERE deleted = 1;
      UPDATE state SET floor = revision;
      COMMIT;`);
    return attachments.map(({ name, content }) => ({ name, content }));
  } finally {
    db.close();
  }
}

try {
  if (workerData.restore) {
    parentPort.postMessage({ type: 'restored', attachments: restore(workerData.path) });
  } else {
    const db = open(workerData.path);
    load(db);
    serve(db);
  }
} catch (error) {
  parentPort.postMessage({ type: 'unusable', problem: sentence(error) });
}

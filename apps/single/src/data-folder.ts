import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { ApiError } from '@kit/base';

/** Names the folder as ours, so that `reset` never deletes anything else. */
const markerFile = 'freehold.json';
const lockFile = 'freehold.pid';

/** The folder that holds everything a running platform keeps on this machine. */
export interface DataFolder {
  readonly path: string;
  /** Absolute path of one file or folder in it. */
  file(name: string): string;
  /** Writes a file that only its owner may read. */
  writePrivate(name: string, text: string): string;
  release(): void;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // kill(2) fails with ESRCH or EPERM only
  }
}

function takeLock(path: string): () => void {
  const lock = join(path, lockFile);
  const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (owner && owner !== process.pid && isRunning(owner)) {
    throw new ApiError(
      'Conflict',
      `the data folder ${path} is in use by another Freehold (process ${owner}); stop it or choose another folder with --data`,
    );
  }
  writeFileSync(lock, String(process.pid), { mode: 0o600 });
  return () => rmSync(lock, { force: true });
}

function explain(path: string, cause: unknown): ApiError {
  const { code } = cause as NodeJS.ErrnoException; // file system calls throw only these
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? 'its permissions do not allow it'
      : code === 'ENOTDIR' || code === 'EEXIST'
        ? 'a file is in the way'
        : String(code);
  return new ApiError('Invalid', `the data folder ${path} cannot be read and written: ${why}`, { cause });
}

/** Opens the data folder, making it on the first start. Throws one sentence when it cannot be used or belongs to another process. */
export function openDataFolder(folder: string, options: { reset?: boolean } = {}): DataFolder {
  const path = resolve(folder);
  try {
    if (options.reset && existsSync(path)) clear(path);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw cause instanceof ApiError ? cause : explain(path, cause);
  }
  const release = takeLock(path);
  const marker = join(path, markerFile);
  if (!existsSync(marker)) writeFileSync(marker, `${JSON.stringify({ format: 1 })}\n`, { mode: 0o600 });
  return {
    path,
    file: (name) => join(path, name),
    writePrivate(name, text) {
      const file = join(path, name);
      writeFileSync(file, text, { mode: 0o600 });
      chmodSync(file, 0o600); // a file that was there keeps its old mode otherwise
      return file;
    },
    release,
  };
}

function clear(path: string): void {
  const entries = readdirSync(path);
  if (entries.length > 0 && !entries.includes(markerFile)) {
    throw new ApiError(
      'Invalid',
      `${path} is not a data folder of Freehold (it has no ${markerFile}), so --reset leaves it alone`,
    );
  }
  takeLock(path)();
  for (const entry of entries) rmSync(join(path, entry), { recursive: true, force: true });
}

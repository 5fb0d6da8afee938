import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApiError } from '@kit/base';
import { openDataFolder } from './data-folder.ts';

describe('openDataFolder', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'freehold-data-'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const failure = (run: () => unknown): unknown => {
    try {
      run();
    } catch (error) {
      return error;
    }
    throw new Error('it was accepted');
  };

  it('makes the folder for its owner alone and writes private files into it', () => {
    const folder = openDataFolder(join(base, 'new'));
    const file = folder.writePrivate('kubeconfig', 'secret');
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    folder.release();
  });

  it('refuses a folder that a running process holds, and takes over one that a dead process left', () => {
    mkdirSync(join(base, 'held'));
    writeFileSync(join(base, 'held/freehold.pid'), String(process.ppid));
    expect(
      isApiError(
        failure(() => openDataFolder(join(base, 'held'))),
        'Conflict',
      ),
    ).toBe(true);

    mkdirSync(join(base, 'left'));
    writeFileSync(join(base, 'left/freehold.pid'), '999999999');
    openDataFolder(join(base, 'left')).release();
    expect(existsSync(join(base, 'left/freehold.pid'))).toBe(false);
  });

  it('refuses a file where the folder should be, in a sentence that names it', () => {
    writeFileSync(join(base, 'file'), '');
    const error = failure(() => openDataFolder(join(base, 'file')));
    expect(isApiError(error, 'Invalid')).toBe(true);
    expect((error as Error).message).toContain(join(base, 'file'));
  });

  it('resets its own folder and nothing else', () => {
    const own = join(base, 'own');
    openDataFolder(own).writePrivate('kubeconfig', 'old');
    openDataFolder(own, { reset: true }).release();
    expect(readdirSync(own)).toEqual(['freehold.json']);

    const foreign = join(base, 'photos');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'cat.png'), 'meow');
    expect(
      isApiError(
        failure(() => openDataFolder(foreign, { reset: true })),
        'Invalid',
      ),
    ).toBe(true);
    expect(existsSync(join(foreign, 'cat.png'))).toBe(true);
  });
});

import { posix } from 'node:path';
import type { MemoryFiles } from '../files/memory-files.ts';

const special = /[.+^${}()|\\]/;

/** A shell pattern as a regular expression; `*` stops at nothing, so that it is right for one name or one text. */
export function patternSource(pattern: string): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const letter = pattern[i] ?? '';
    const end = letter === '[' ? pattern.indexOf(']', i + 2) : -1;
    if (letter === '*') source += '[^]*';
    else if (letter === '?') source += '[^]';
    else if (letter === '\\') source += escaped(pattern[++i] ?? '');
    else if (end > 0) {
      source += `[${pattern
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`;
      i = end;
    } else source += escaped(letter);
  }
  return source;
}

function escaped(letter: string): string {
  return special.test(letter) || letter === '[' || letter === ']' || letter === '*' || letter === '?'
    ? `\\${letter}`
    : letter;
}

export function matchesPattern(text: string, pattern: string): boolean {
  return new RegExp(`^${patternSource(pattern)}$`, 'u').test(text);
}

/** The paths that a pattern stands for, sorted; none when nothing fits. */
export function matchingPaths(files: MemoryFiles, cwd: string, pattern: string): string[] {
  const names = pattern.split('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const name of names.filter(Boolean))
    found = found.flatMap((base) => step(files, posix.resolve(cwd, base), { base, name }));
  return found.sort();
}

function step(files: MemoryFiles, folder: string, { base, name }: { base: string; name: string }): string[] {
  const joined = (one: string): string => (base === '' || base.endsWith('/') ? base + one : `${base}/${one}`);
  if (!/[*?[]/.test(name)) {
    const bare = name.replace(/\\(.)/g, '$1');
    return files.find(posix.join(folder, bare)) ? [joined(bare)] : [];
  }
  if (files.find(folder)?.is !== 'folder') return [];
  const isHidden = (one: string): boolean => one.startsWith('.') && !name.startsWith('.');
  return files
    .list(folder)
    .map(([one]) => one)
    .filter((one) => !isHidden(one) && matchesPattern(one, name))
    .map(joined);
}

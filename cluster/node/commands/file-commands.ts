import { posix } from 'node:path';
import { type AnyNode, contentOf } from '../files/file-node.ts';
import { FileError } from '../files/file-error.ts';
import type { MemoryFiles } from '../files/memory-files.ts';
import { matchesPattern } from '../shell/pattern.ts';
import type { Command, CommandCall, CommandTable } from '../shell/shell-world.ts';
import { options } from './options.ts';

/** Does something to each path; one that fails is said on stderr and the others go on. */
async function forEachPath(
  call: CommandCall,
  names: readonly string[],
  act: (path: string, name: string) => void | Promise<void>,
): Promise<number> {
  let failed = false;
  for (const name of names) {
    try {
      await act(call.path(name), name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = true;
      await call.io.stderr.write(`${call.argv[0]}: ${name}: ${error.message}\n`);
    }
  }
  return failed ? 1 : 0;
}

const kinds: Record<AnyNode['is'], string> = { file: '-', folder: 'd', link: 'l' };
const rights = (mode: number): string =>
  [6, 3, 0]
    .map((shift) => ['r', 'w', 'x'].map((letter, i) => ((mode >> shift) & (4 >> i) ? letter : '-')).join(''))
    .join('');

const sizeOf = (node: AnyNode): number =>
  node.is === 'file' ? node.size : node.is === 'link' ? node.target.length : 4096;

function longLine(name: string, node: AnyNode): string {
  const links = node.is === 'folder' ? 2 + [...node.entries.values()].filter(({ is }) => is === 'folder').length : 1;
  const date = new Date(node.modifiedMs).toUTCString().replace(/^\w+, (\d+) (\w+) \d+ (\d+:\d+).*/, '$2 $1 $3');
  const shown = node.is === 'link' ? `${name} -> ${node.target}` : name;
  return `${kinds[node.is]}${rights(node.mode)} ${String(links).padStart(4)} root     root     ${String(sizeOf(node)).padStart(9)} ${date} ${shown}`;
}

interface Listing {
  readonly call: CommandCall;
  readonly flags: ReadonlySet<string>;
  /** Each folder is listed under its name. */
  readonly named: boolean;
}

async function listFolder(listing: Listing, path: string, name: string): Promise<void> {
  const { call, flags, named } = listing;
  const { files } = call.world;
  const line = ([one, node]: [string, AnyNode]): string => `${flags.has('l') ? longLine(one, node) : one}\n`;
  if (named) await call.io.stdout.write(`${name}:\n`);
  const own: [string, AnyNode][] = flags.has('a')
    ? [
        ['.', files.get(path)],
        ['..', files.get(posix.dirname(path))],
      ]
    : [];
  const showsAll = flags.has('a') || flags.has('A');
  const entries = files.list(path).filter(([one]) => showsAll || !one.startsWith('.'));
  await call.io.stdout.write([...own, ...entries].map(line).join('') + (named ? '\n' : ''));
  const deeper = flags.has('R') ? entries.filter(([, inner]) => inner.is === 'folder') : [];
  for (const [one] of deeper) await listFolder(listing, posix.join(path, one), posix.join(name, one));
}

const ls: Command = (call) => {
  const { flags, rest } = options(call.args);
  const { files } = call.world;
  const listing: Listing = { call, flags, named: rest.length > 1 || flags.has('R') };
  return forEachPath(call, rest.length > 0 ? rest : ['.'], async (path, name) => {
    const node = files.get(path);
    if (node.is === 'folder' && !flags.has('d')) return listFolder(listing, path, name);
    const shown = files.find(path, false) ?? node;
    await call.io.stdout.write(`${flags.has('l') ? longLine(name, shown) : name}\n`);
  });
};

const mkdir: Command = (call) => {
  const { flags, rest } = options(call.args, 'm');
  return forEachPath(call, rest, (path) => call.world.files.makeFolder(path, flags.has('p')));
};

const rm: Command = (call) => {
  const { flags, rest } = options(call.args);
  const { files } = call.world;
  return forEachPath(call, rest, (path) => {
    if (flags.has('f') && !files.find(path, false)) return;
    files.remove(path, { recursive: flags.has('r') || flags.has('R') });
  });
};

const rmdir: Command = (call) =>
  forEachPath(call, options(call.args).rest, (path) => call.world.files.removeEmptyFolder(path));

function copyTree(files: MemoryFiles, from: string, to: string): void {
  const node = files.get(from);
  if (node.is === 'file') return files.write(to, contentOf(node), node.mode);
  if (to === from || to.startsWith(`${from}/`)) throw new FileError('EINVAL');
  files.makeFolder(to, true);
  for (const [name] of files.list(from)) copyTree(files, posix.join(from, name), posix.join(to, name));
}

/** The last path names a folder to put things in, or the new name of the only one. */
async function intoLast(
  call: CommandCall,
  names: readonly string[],
  act: (from: string, to: string) => void,
): Promise<number> {
  const [sources, last] = [names.slice(0, -1), names.at(-1)];
  if (last === undefined || sources.length === 0) {
    await call.io.stderr.write(`${call.argv[0]}: missing file operand\n`);
    return 1;
  }
  const target = call.path(last);
  const isFolder = call.world.files.find(target)?.is === 'folder';
  return forEachPath(call, sources, (path) => act(path, isFolder ? posix.join(target, posix.basename(path)) : target));
}

const cp: Command = (call) => {
  const { flags, rest } = options(call.args);
  const { files } = call.world;
  const isDeep = ['r', 'R', 'a'].some((flag) => flags.has(flag));
  return intoLast(call, rest, (from, to) => {
    if (files.get(from).is === 'folder' && !isDeep) throw new FileError('EISDIR');
    copyTree(files, from, to);
  });
};

const mv: Command = (call) => intoLast(call, options(call.args).rest, (from, to) => call.world.files.move(from, to));
const touch: Command = (call) =>
  forEachPath(call, options(call.args, 'dtr').rest, (path) => call.world.files.touch(path));

const ln: Command = async (call) => {
  const { flags, rest } = options(call.args);
  const [target = '', name = posix.basename(target)] = rest;
  return forEachPath(call, [name], (path) => {
    if (flags.has('f') && call.world.files.find(path, false)) call.world.files.remove(path);
    if (flags.has('s')) call.world.files.link(path, target);
    else call.world.files.mount(path, call.world.files.get(call.path(target)));
  });
};

const chmod: Command = (call) => {
  const [mode = '', ...names] = options(call.args).rest;
  return forEachPath(call, names, (path) => {
    const node = call.world.files.get(path);
    if (/^[0-7]{3,4}$/.test(mode)) node.mode = Number.parseInt(mode, 8);
    else if (mode.includes('+x')) node.mode |= 0o111;
  });
};

const readlink: Command = (call) =>
  forEachPath(call, options(call.args).rest, async (path) => {
    const node = call.world.files.find(path, false);
    await call.io.stdout.write(`${node?.is === 'link' ? node.target : path}\n`);
  });

const find: Command = async (call) => {
  const { files } = call.world;
  const start = call.args.filter((arg, i) => !arg.startsWith('-') && !(call.args[i - 1] ?? '').startsWith('-'));
  const valueOf = (name: string): string | undefined => {
    const at = call.args.indexOf(name);
    return at < 0 ? undefined : call.args[at + 1];
  };
  const [name, type] = [valueOf('-name'), valueOf('-type')];
  const kindsWanted: Record<string, AnyNode['is']> = { f: 'file', d: 'folder', l: 'link' };
  const walk = async (path: string, shown: string): Promise<void> => {
    const node = files.find(path, false);
    if (!node) throw new FileError('ENOENT');
    const fits = (!name || matchesPattern(posix.basename(shown), name)) && (!type || node.is === kindsWanted[type]);
    if (fits) await call.io.stdout.write(`${shown}\n`);
    if (node.is === 'folder')
      for (const [one] of files.list(path)) await walk(posix.join(path, one), `${shown.replace(/\/$/, '')}/${one}`);
  };
  return forEachPath(call, start.length > 0 ? start : ['.'], walk);
};

const oneName =
  (of: (path: string) => string): Command =>
  async ({ args, io }) => {
    const name = of(args[0] ?? '');
    await io.stdout.write(`${args[1] && name.endsWith(args[1]) ? name.slice(0, -args[1].length) : name}\n`);
    return 0;
  };

export const fileCommands: CommandTable = {
  ls,
  mkdir,
  rm,
  rmdir,
  cp,
  mv,
  touch,
  ln,
  chmod,
  chown: (call) => forEachPath(call, options(call.args).rest.slice(1), (path) => void call.world.files.get(path)),
  readlink,
  find,
  basename: oneName((path) => posix.basename(path)),
  dirname: async ({ args, io }) => {
    await io.stdout.write(`${posix.dirname(args[0] ?? '')}\n`);
    return 0;
  },
};

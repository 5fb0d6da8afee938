import { posix } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, type Header, pack } from 'tar-stream';
import { contentOf } from '../files/file-node.ts';
import { FileError } from '../files/file-error.ts';
import { type ByteInput, bytesInput, readAll } from '../shell/byte-io.ts';
import type { Command, CommandCall, CommandTable } from '../shell/shell-world.ts';
import { options } from './options.ts';

interface TarWork {
  readonly call: CommandCall;
  readonly folder: string;
  readonly flags: ReadonlySet<string>;
  readonly file: string;
  readonly names: readonly string[];
}

async function* bytesOf(input: ByteInput, unzip: boolean): AsyncGenerator<Buffer> {
  if (unzip) yield gunzipSync(await readAll(input));
  else for (let chunk = await input.read(); chunk; chunk = await input.read()) yield chunk;
}

/** Members stay below the folder they are unpacked in. */
function memberPath(folder: string, name: string): string {
  return posix.join(folder, posix.normalize(`/${name}`));
}

async function unpackOne(work: TarWork, header: Header, content: AsyncIterable<Buffer>): Promise<void> {
  const { files } = work.call.world;
  const path = memberPath(work.folder, header.name);
  if (header.type === 'directory') return files.makeFolder(path, true);
  if (header.type === 'symlink') {
    if (files.find(path, false)) files.remove(path);
    return files.link(path, header.linkname ?? '');
  }
  files.makeFolder(posix.dirname(path), true);
  const file = files.open(path);
  file.mode = header.mode ?? 0o644;
  for await (const chunk of content) files.append(file, chunk);
  if (!work.flags.has('m') && header.mtime) file.modifiedMs = header.mtime.getTime();
}

async function unpack(work: TarWork): Promise<number> {
  const { io, world, path } = work.call;
  const input = work.file === '-' ? io.stdin : bytesInput(world.files.read(path(work.file)));
  const reader = extract();
  const feeding = (async () => {
    for await (const chunk of bytesOf(input, work.flags.has('z')))
      if (!reader.write(chunk)) await new Promise<void>((resolve) => reader.once('drain', () => resolve()));
    reader.end(undefined);
  })();
  for await (const entry of reader) {
    if (work.flags.has('v') || work.flags.has('t')) await io.stdout.write(`${entry.header.name}\n`);
    if (work.flags.has('t')) entry.resume();
    else await unpackOne(work, entry.header, entry as unknown as AsyncIterable<Buffer>); // an archive is bytes
  }
  await feeding;
  return 0;
}

async function packAll(work: TarWork): Promise<Buffer> {
  const { files } = work.call.world;
  const writer = pack();
  const chunks: Buffer[] = [];
  writer.on('data', (chunk) => void chunks.push(chunk as Buffer)); // an archive is bytes
  const done = new Promise<void>((resolve, reject) => writer.on('end', resolve).on('error', reject));
  const add = (path: string, name: string): void => {
    const node = files.find(path, false);
    if (!node) throw new FileError('ENOENT');
    const header = { name: name.replace(/^\/+/, '') || '.', mode: node.mode, mtime: new Date(node.modifiedMs) };
    if (node.is === 'file') writer.entry(header, contentOf(node));
    else if (node.is === 'link') writer.entry({ ...header, type: 'symlink', linkname: node.target });
    else {
      writer.entry({ ...header, type: 'directory' });
      for (const [inner] of files.list(path)) add(posix.join(path, inner), posix.join(name, inner));
    }
  };
  for (const name of work.names) add(posix.resolve(work.folder, name), name);
  writer.finalize();
  await done;
  return Buffer.concat(chunks);
}

async function packTo(work: TarWork): Promise<number> {
  const { io, world, path } = work.call;
  const plain = await packAll(work);
  const bytes = work.flags.has('z') ? gzipSync(plain) : plain;
  if (work.file !== '-') {
    world.files.write(path(work.file), bytes);
    return 0;
  }
  for (let at = 0; at < bytes.length; at += 32 << 10) await io.stdout.write(bytes.subarray(at, at + (32 << 10)));
  return 0;
}

/** `tar cf - a`, `tar -xmf - -C /tmp`: as `kubectl cp` needs it, and people. */
const tar: Command = async (call) => {
  const [first = '', ...others] = call.args;
  const usual = first.startsWith('-') ? call.args : [`-${first}`, ...others];
  const { flags, values, rest } = options(usual, 'fC');
  const file = values.get('f') ?? '-';
  const folder = call.path(values.get('C') ?? values.get('directory') ?? '.');
  const work: TarWork = { call, folder, flags, file, names: rest };
  if (flags.has('x') || flags.has('t')) return unpack(work);
  if (flags.has('c')) return packTo(work);
  await call.io.stderr.write('tar: must specify one of -c, -x or -t\n');
  return 1;
};

export const tarCommands: CommandTable = { tar };

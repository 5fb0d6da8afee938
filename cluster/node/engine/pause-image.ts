import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { ApiError } from '@kit/base';
import type { Engine } from './find-engine.ts';

/** The image of a pod's first container, which holds its network while the others come and go. */
export const pauseImage = 'localhost/cluster-pause:1';

const elfHeaderBytes = 64;
const programHeaderBytes = 56;
const loadAddress = 0x400000;

// Both programs: ignore SIGCHLD, so that the kernel takes in the processes that are left to the first of a shared
// process namespace, then wait for ever. `action` is a struct sigaction of zeros but for its handler, SIG_IGN.
const programs: Readonly<Record<string, { readonly machine: number; readonly code: readonly number[] }>> = {
  amd64: {
    machine: 62,
    code: [
      [0xb8, 13, 0, 0, 0], // mov eax, rt_sigaction
      [0xbf, 17, 0, 0, 0], // mov edi, SIGCHLD
      [0x48, 0x8d, 0x35, 19, 0, 0, 0], // lea rsi, [action]
      [0x31, 0xd2], // xor edx, edx
      [0x41, 0xba, 8, 0, 0, 0], // mov r10d, 8
      [0x0f, 0x05], // syscall
      [0xb8, 34, 0, 0, 0], // wait: mov eax, pause
      [0x0f, 0x05], // syscall
      [0xeb, 0xf7], // jmp wait
    ].flat(),
  },
  arm64: {
    machine: 183,
    code: [
      0xd28010c8, // mov x8, rt_sigaction
      0xd2800220, // mov x0, SIGCHLD
      0x100001e1, // adr x1, action
      0xd2800002, // mov x2, 0
      0xd2800103, // mov x3, 8
      0xd4000001, // svc 0
      0xd2800000, // wait: mov x0, 0
      0xd2800001, // mov x1, 0
      0xd2800002, // mov x2, 0
      0xd2800003, // mov x3, 0
      0xd2800004, // mov x4, 0
      0xd2800928, // mov x8, ppoll
      0xd4000001, // svc 0
      0x17fffff9, // b wait
      0xd503201f, // nop
      0xd503201f, // nop
      0xd503201f, // nop
    ].flatMap((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]),
  },
};

/** A program for Linux that does nothing until it is killed; undefined for a machine it is not written for. */
export function pauseProgram(architecture: string): Buffer | undefined {
  const program = programs[architecture];
  if (!program) return undefined;
  const start = elfHeaderBytes + programHeaderBytes;
  const size = start + program.code.length + 32;
  const file = Buffer.alloc(size);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16); // an executable
  file.writeUInt16LE(program.machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(loadAddress + start), 24); // where it starts
  file.writeBigUInt64LE(BigInt(elfHeaderBytes), 32); // where the program header is
  file.writeUInt16LE(elfHeaderBytes, 52);
  file.writeUInt16LE(programHeaderBytes, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64); // a part to load,
  file.writeUInt32LE(5, 68); // to be read and executed
  file.writeBigUInt64LE(BigInt(loadAddress), 80);
  file.writeBigUInt64LE(BigInt(loadAddress), 88);
  file.writeBigUInt64LE(BigInt(size), 96);
  file.writeBigUInt64LE(BigInt(size), 104);
  file.writeBigUInt64LE(0x10000n, 112);
  file.set(program.code, start);
  file.writeUInt8(1, start + program.code.length);
  return file;
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function tarOf(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files))
    archive.entry({ name, mode: 0o755, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive);
}

async function imageArchive(architecture: string, program: Buffer): Promise<Buffer> {
  const layer = await tarOf({ pause: program });
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Entrypoint: ['/pause'], WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest(layer)}`] },
      history: [{ created: '1970-01-01T00:00:00Z' }],
    }),
  );
  const names = { config: `${digest(config)}.json`, layer: `${digest(layer)}/layer.tar` };
  const manifest = [{ Config: names.config, RepoTags: [pauseImage], Layers: [names.layer] }];
  return tarOf({
    'manifest.json': Buffer.from(JSON.stringify(manifest)),
    [names.config]: config,
    [names.layer]: layer,
  });
}

const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** The architecture of the engine's machine, as Go and so Kubernetes name it. */
export function architectureOf({ info }: Engine): string {
  return architectures[info.Architecture] ?? info.Architecture;
}

/** Gives the engine the pause image, made on the spot: nothing is downloaded. */
export async function ensurePauseImage(engine: Engine): Promise<void> {
  if (await engine.client.find(`/images/${encodeURIComponent(pauseImage)}/json`)) return;
  const architecture = architectureOf(engine);
  const program = pauseProgram(architecture);
  if (!program) throw new ApiError('Invalid', `pods cannot be run on a machine of the kind ${architecture}`);
  await engine.client
    .json('POST', '/images/load', { body: await imageArchive(architecture, program) })
    .catch(ignoreText);
}

// The progress an engine reports is several JSON texts, not one.
function ignoreText(error: unknown): void {
  if (!(error instanceof SyntaxError)) throw error;
}

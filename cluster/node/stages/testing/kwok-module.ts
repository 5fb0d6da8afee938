import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of kwok's own stage files, from the Go module of the release; undefined where Go is missing. */
export function kwokStageFolder(): string | undefined {
  try {
    const answer = execFileSync('go', ['mod', 'download', '-json', 'sigs.k8s.io/kwok@v0.8.0'], {
      encoding: 'utf8',
      cwd: tmpdir(), // outside of any module
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
    });
    return join((JSON.parse(answer) as { Dir: string }).Dir, 'kustomize/stage'); // what `go` prints
  } catch {
    return undefined;
  }
}

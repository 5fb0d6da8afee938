import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The folder of kwok's own stage files, from the Go module of the release; undefined where Go is missing. */
export function kwokStageFolder(): string | undefined {
  try {
    const answer = execFileSync('go', ['mod', 'download', '-json', 'sigs.k8s.io/kwok@v0.8.0'], {
      encoding: 'utf8',
      env: { ...process.env, GOFLAGS: '-mod=mod' }, // a test looks for the tools of its machine
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
    });
    return join((JSON.parse(answer) as { Dir: string }).Dir, 'kustomize/stage'); // what `go` prints
  } catch {
    return undefined;
  }
}

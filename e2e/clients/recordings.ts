import { join } from 'node:path';

/** Where is kept what a real cluster told one kubectl in one script. */
export const recordingFile = (script: string, version: string): string =>
  join(import.meta.dirname, 'recordings', `kubectl-${version}`, `${script}.txt`);

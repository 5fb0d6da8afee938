// Runs the kubectl scripts against the cluster of a kubeconfig, and keeps what it printed, for the tests to compare with.
//   npx tsx e2e/clients/record.ts KUBECONFIG SCRIPT...     NODE_A: a node to play with; IMAGE: a busybox that is there
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { kubectls } from './binaries.ts';
import { recordingFile } from './recordings.ts';
import { runScript, transcriptText } from './transcript.ts';

const [kubeconfig = '', ...scripts] = process.argv.slice(2);
const only = process.env.ONLY;
const env = { NODE_A: process.env.NODE_A ?? 'node-1', IMAGE: process.env.IMAGE ?? 'localhost/busybox:test' };

for (const { version, binary } of kubectls().filter((each) => !only || each.version === only)) {
  for (const script of scripts) {
    const file = recordingFile(script, version);
    const answers = await runScript(script, { kubeconfig, binary, env });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, transcriptText(answers));
    process.stdout.write(`kubectl ${version} ${script}: ${answers.length} commands\n`);
  }
}

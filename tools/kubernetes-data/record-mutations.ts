// Records what a real kube-apiserver says to the probes of cluster/conformance/mutations. It has to be alone, without
// controllers, and empty. usage: npx tsx tools/kubernetes-data/record-mutations.ts KUBECONFIG
import { readFileSync } from 'node:fs';
import { apiCaller } from '../../cluster/conformance/mutations/api-call.ts';
import { probeCreations } from '../../cluster/conformance/mutations/probe-creations.ts';
import { probeUpdates } from '../../cluster/conformance/mutations/probe-updates.ts';
import { writeRecording } from '../../cluster/conformance/mutations/recording.ts';

async function record(kubeconfig: string): Promise<void> {
  const caller = apiCaller(kubeconfig);
  const creations = await probeCreations(caller);
  const updates = await probeUpdates(caller);
  caller.close();
  writeRecording('creations', creations);
  writeRecording('updates', updates);
  console.log(`${creations.length} creations and ${updates.length} updates recorded`);
}

const [, , file] = process.argv;
if (!file) throw new Error('usage: record-mutations.ts KUBECONFIG');
void record(readFileSync(file, 'utf8'));

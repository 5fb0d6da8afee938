import { createKubeClient } from '@kit/kube';
import { systemClock, type Logger } from '@kit/base';
import { uninstallKinds } from '@app/controllers';
import { readKubeconfigFile } from './kubeconfig-file.ts';

/** Takes Freehold's kinds and roles off a cluster and says what went; namespaces and workloads stay and keep running. */
export async function uninstall(options: { kubeconfig: string; context?: string }, log: Logger): Promise<string> {
  const connection = readKubeconfigFile(options.kubeconfig, options.context);
  const kube = createKubeClient(connection, { log, clock: systemClock });
  try {
    const { removed } = await uninstallKinds({ kube, log });
    return `Removed ${removed} objects of Freehold from ${kube.server}. Namespaces and workloads are untouched.`;
  } finally {
    await kube.close();
  }
}

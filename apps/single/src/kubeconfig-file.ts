import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ApiError } from '@kit/base';
import { readKubeconfig, type Connection } from '@kit/kube';

/** The connection that a kubeconfig file describes; throws one sentence naming the file when it cannot be used. */
export function readKubeconfigFile(file: string, context?: string): Connection {
  const path = resolve(file);
  try {
    return readKubeconfig(readFileSync(path, 'utf8'), { context, folder: dirname(path) });
  } catch (cause) {
    throw new ApiError('Invalid', `the kubeconfig ${path} cannot be used: ${(cause as Error).message}`, { cause }); // both calls throw only errors
  }
}

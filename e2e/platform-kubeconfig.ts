import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session, TestPlatform } from '@kit/testing';

/** A kubeconfig that points at the platform with a user's own token: what a member of a workspace would use. */
export function writePlatformKubeconfig(platform: TestPlatform, session: Session): string {
  const file = join(platform.dataDir, 'member.kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'platform', cluster: { server: platform.url } }],
    users: [{ name: 'member', user: { token: session.token } }],
    contexts: [{ name: 'member', context: { cluster: 'platform', user: 'member' } }],
    'current-context': 'member',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

// Fills a running platform with a workspace, a project and a sample application, through its API as a user would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const workspace = 'demo';
const project = 'demo-shop';

async function signIn(url, password) {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'kubesphere', username: 'admin', password });
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body });
  return (await answer.json()).access_token;
}

/** Makes the sample; throws with the server's words when a step is refused. */
export async function seed(url, password) {
  const token = await signIn(url, password);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = async (path, body) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  await post('/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates', {
    apiVersion: 'tenant.kubesphere.io/v1alpha2',
    kind: 'WorkspaceTemplate',
    metadata: { name: workspace },
    spec: { template: { spec: { manager: 'admin' } } },
  });
  await post(`/kapis/tenant.kubesphere.io/v1alpha2/workspaces/${workspace}/namespaces`, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: project },
  });
  const yaml = readFileSync(join(root, 'samples/bookshelf.yaml'), 'utf8');
  await post(`/kapis/resources.freehold.io/v1alpha1/namespaces/${project}/imports`, { yaml, dryRun: false });
}

import { systemNamespace } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { parse, stringify } from 'yaml';
import type { ImportNotes } from './import-report.ts';

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

interface ConfigRun {
  readonly from: KubeClient;
  readonly to: KubeClient;
  readonly dryRun: boolean;
  readonly isSame: boolean;
  readonly notes: ImportNotes;
}

const name = 'kubesphere-config';
const file = 'kubesphere.yaml';
const key = { namespace: systemNamespace, name };

type Section = Readonly<Record<string, unknown>>;

function sectionsOf(map: ConfigMap): Section | undefined {
  try {
    const read: unknown = parse(map.data?.[file] ?? '', { maxAliasCount: 100 });
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Section) : undefined; // cast: a mapping
  } catch {
    return undefined; // reported as what it is: not readable
  }
}

/** Clients and providers of sign-in, and how long tokens live; the key that KubeSphere signed tokens with stays there. */
function signInOf(authentication: unknown): Section {
  const { jwtSecret: _secret, ...rest } = authentication as Section; // cast: looked at by whoever reads it, part by part
  return rest;
}

async function write({ to, dryRun }: ConfigRun, authentication: unknown): Promise<ApiError | undefined> {
  const map: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...key },
    data: { [file]: stringify({ authentication: signInOf(authentication) }) },
  };
  try {
    await to.create(kinds.configmaps, map, { dryRun, fieldManager: 'freehold-import' });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.code < 500) return error;
    throw error;
  }
}

/** What of KubeSphere's own configuration Freehold reads: how people sign in. All else is said by name. */
export async function takeConfig(run: ConfigRun): Promise<void> {
  const map = await run.from.find<ConfigMap>(kinds.configmaps, key);
  if (!map) return;
  const line = run.notes.of(name);
  const sections = sectionsOf(map);
  if (!sections) return void line.unsupported.push({ name, why: `its ${file} cannot be read` });
  const { authentication, ...others } = sections;
  if (typeof authentication === 'object' && authentication !== null) {
    const refusal = run.isSame ? undefined : await write(run, authentication);
    if (refusal?.reason === 'AlreadyExists') line.present.push('authentication');
    else if (refusal) line.unsupported.push({ name: 'authentication', why: refusal.message });
    else
      line.changed.push({
        name: 'authentication',
        why: 'tokens are signed with a key of Freehold’s own: everybody signs in again',
      });
  }
  for (const section of Object.keys(others))
    line.unsupported.push({ name: section, why: 'configured in another way, or not there' });
}

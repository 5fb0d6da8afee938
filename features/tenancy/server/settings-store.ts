import { systemNamespace } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { settingsMap, type TenancySettings } from '../contract/index.ts';
import { readSettings, settingsProblems } from '../rules/read-settings.ts';

const key = { namespace: systemNamespace, name: settingsMap.name } as const;

export async function getSettings(kube: KubeClient): Promise<TenancySettings> {
  return readSettings(await kube.find(kinds.configmaps, key));
}

/** Replaces the settings; projects that exist keep the limits they have. */
export async function putSettings(kube: KubeClient, settings: TenancySettings): Promise<TenancySettings> {
  const problems = settingsProblems(settings);
  if (problems.length > 0) {
    const causes = problems.map((problem) => ({ ...problem, reason: 'FieldValueInvalid' }));
    const first = problems[0];
    throw new ApiError('Invalid', `the settings cannot be used: ${first?.field}: ${first?.message}`, {
      details: { kind: 'settings', causes },
    });
  }
  const map: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: key,
    data: { [settingsMap.key]: JSON.stringify(settings) },
  };
  await kube.apply(kinds.configmaps, map, { fieldManager: 'freehold', force: true });
  return settings;
}

import { Compile } from 'typebox/compile';
import type { KubeObject } from '@kit/kube';
import { settingsMap, tenancySettings, type TenancySettings } from '../contract/index.ts';
import { parseAmount } from './amount.ts';

const checked = Compile(tenancySettings);

/** The settings a ConfigMap holds; one that is absent or cannot be read sets nothing. */
export function readSettings(map: KubeObject | undefined): TenancySettings {
  const text = (map?.['data'] as Record<string, string> | undefined)?.[settingsMap.key]; // cast: a ConfigMap's data is text by key
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return checked.Check(value) ? value : {};
  } catch {
    return {};
  }
}

/** Fields of the settings that are no quantities, with the sentence for each. */
export function settingsProblems({ defaultLimits = {} }: TenancySettings): { field: string; message: string }[] {
  return Object.entries(defaultLimits).flatMap(([part, amounts]) =>
    Object.entries(amounts).flatMap(([resource, text]) => {
      const amount = parseAmount(text);
      if (amount !== undefined && amount >= 0n) return [];
      return [
        { field: `defaultLimits.${part}.${resource}`, message: `"${text}" is not a quantity; write 500m or 2Gi` },
      ];
    }),
  );
}

import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { duplicate, eachItem, required } from './cause.ts';
import { validateResources } from './container.ts';
import { dns1123Label } from './format.ts';
import { checkFormat, validateLabels } from './object-meta.ts';
import { validateTolerations } from './toleration.ts';

/** What is wrong with a RuntimeClass. */
export function validateRuntimeClass(object: ClusterObject): Cause[] {
  const handler = optionalText(object['handler']);
  const scheduling = record(object['scheduling']);
  const overhead = record(object['overhead']);
  return [
    ...(handler ? checkFormat('handler', handler, dns1123Label) : [required('handler')]),
    ...(overhead ? validateResources({ limits: fieldsIn(overhead['podFixed']) }, 'overhead') : []),
    ...validateLabels(fieldsIn(scheduling?.['nodeSelector']) as Record<string, string>, 'scheduling.nodeSelector'), // texts by schema
    ...validateOwnTolerations(scheduling?.['tolerations']),
  ];
}

function validateOwnTolerations(tolerations: unknown): Cause[] {
  const field = 'scheduling.tolerations';
  const seen = new Set<string>();
  const twice = eachItem(items(tolerations), field, (toleration, path) => {
    const shown = {
      Key: toleration['key'] ?? '',
      Operator: toleration['operator'] ?? '',
      Value: toleration['value'] ?? '',
      Effect: toleration['effect'] ?? '',
      TolerationSeconds: toleration['tolerationSeconds'] ?? null,
    };
    const key = JSON.stringify(shown);
    if (seen.has(key)) return [duplicate(path, shown)];
    seen.add(key);
    return [];
  });
  return [...validateTolerations(tolerations, field), ...twice];
}

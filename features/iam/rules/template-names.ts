import { annotations } from '../contract/index.ts';
import type { RoleObject } from '../contract/index.ts';

/** The names in an aggregation or dependency annotation; one that is no JSON list names nothing. */
export function namesIn(text: string | undefined): string[] {
  try {
    const names: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/** The templates asked for and all that they depend on, in the order asked, each once. */
export function withDependencies(
  asked: readonly string[],
  find: (name: string) => RoleObject | undefined,
): { readonly templates: readonly RoleObject[]; readonly missing: readonly string[] } {
  const templates = new Map<string, RoleObject>();
  const missing: string[] = [];
  const seen = new Set<string>();
  const waiting = [...asked];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const template = find(name);
    if (!template) missing.push(name);
    else {
      templates.set(name, template);
      waiting.push(...namesIn(template.metadata.annotations?.[annotations.dependencies]));
    }
  }
  return { templates: [...templates.values()], missing };
}

import { aliasOf, type RoleItem } from '../api.ts';

/** A bundle of rights that roles are made of. */
export interface Template {
  readonly name: string;
  readonly alias: string | undefined;
  /** The heading it stands under. */
  readonly module: string;
  /** Templates that come along. */
  readonly dependencies: readonly string[];
  /** Others are part of built-in roles only. */
  readonly isOffered: boolean;
}

const key = {
  template: 'iam.kubesphere.io/role-template',
  aggregation: 'iam.kubesphere.io/aggregation-roles',
  dependencies: 'iam.kubesphere.io/dependencies',
  module: 'iam.kubesphere.io/module',
} as const;

function namesIn(text: string | undefined): string[] {
  try {
    const names: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

export function templateOf(item: RoleItem): Template {
  const { name, labels, annotations } = item.metadata;
  return {
    name,
    alias: aliasOf(item),
    module: annotations?.[key.module] ?? '',
    dependencies: namesIn(annotations?.[key.dependencies]),
    isOffered: labels?.[key.template] === 'true',
  };
}

/** The templates a role is made of. */
export function templatesIn(role: RoleItem): string[] {
  return namesIn(role.metadata.annotations?.[key.aggregation]);
}

/** The annotation by which a role says what it is made of. */
export function madeOf(templates: Iterable<string>): Record<string, string> {
  return { [key.aggregation]: JSON.stringify([...templates].sort()) };
}

/** What comes along with the chosen templates: its name -> the chosen ones that need it, near or far. */
export function comesAlong(
  chosen: ReadonlySet<string>,
  templates: readonly Template[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Map(templates.map((template) => [template.name, template]));
  const needed = new Map<string, string[]>();
  for (const name of chosen) {
    const seen = new Set([name]);
    const waiting = [...(known.get(name)?.dependencies ?? [])];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      needed.set(next, [...(needed.get(next) ?? []), name]);
      waiting.push(...(known.get(next)?.dependencies ?? []));
    }
  }
  return needed;
}

const verbs = ['view', 'create', 'manage'];

/** What is seen before what is changed, and what belongs to the place itself first of all. */
function rank({ name, module }: Template): string {
  const [, verb = '', subject = ''] = /^role-template-([a-z]+)-(.*)$/.exec(name) ?? [];
  return `${module === '' ? 0 : 1} ${subject} ${verbs.indexOf(verb)}`;
}

/** Templates under their headings, each after what it builds on. */
export function byModule(templates: readonly Template[]): ReadonlyMap<string, readonly Template[]> {
  const found = new Map<string, Template[]>();
  for (const template of templates.toSorted((a, b) => rank(a).localeCompare(rank(b)))) {
    const others = found.get(template.module);
    if (others) others.push(template);
    else found.set(template.module, [template]);
  }
  return found;
}

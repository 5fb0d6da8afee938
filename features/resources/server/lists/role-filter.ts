import { annotations } from '@feature/iam/contract';
import type { ResourceType, Row } from '@kit/kube';
import type { Filter } from '@kit/kube/listing';
import type { ListContext } from './listed-kind.ts';

function templateNames(text: string | undefined): readonly string[] {
  try {
    const names: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return []; // whoever wrote the annotation wrote no list
  }
}

/** `aggregateTo`: the templates that a role is made of; a role of a project is looked for in the template's own. */
export function aggregateTo({ parts, namespace }: ListContext, type: ResourceType): Filter {
  return (value) => {
    const view = parts.views.of(type);
    const madeOf = new Map<string, ReadonlySet<string>>();
    const namesFor = (row: Row): ReadonlySet<string> => {
      const place = namespace ?? row.namespace;
      const known = madeOf.get(place);
      if (known) return known;
      const role = view.get(place, value)?.object();
      const names = new Set(templateNames(role?.metadata.annotations?.[annotations.aggregationRoles]));
      madeOf.set(place, names);
      return names;
    };
    return (row) => namesFor(row).has(row.name);
  };
}

import { kubernetesKinds } from './kubernetes-kinds.ts';
import type { ListedKind } from './listed-kind.ts';
import { platformKinds } from './platform-kinds.ts';

const all: readonly ListedKind[] = [...kubernetesKinds, ...platformKinds];

/** Every kind the lists have rules for, by the plural name in the path; group and version do not matter there. */
export const listedKinds: ReadonlyMap<string, ListedKind> = new Map(all.map((kind) => [kind.type.plural, kind]));

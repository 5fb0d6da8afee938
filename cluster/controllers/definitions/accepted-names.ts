import type { ClusterObject } from '../../client.ts';
import { type Condition, findCondition } from '../../reconcile/conditions.ts';

export interface DefinitionNames {
  readonly plural?: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly kind?: string;
  readonly listKind?: string;
  readonly categories?: readonly string[];
}

/** A CustomResourceDefinition, as far as its names and life cycle go. */
export interface Definition extends ClusterObject {
  spec: {
    group: string;
    names: DefinitionNames;
    versions: readonly { name: string; served: boolean; storage: boolean }[];
  };
  status?: { acceptedNames?: DefinitionNames; conditions?: readonly Condition[]; storedVersions?: readonly string[] };
}

interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

function takenBy(others: readonly Definition[]): TakenNames {
  const names = others.map(({ status }) => status?.acceptedNames ?? {});
  const present = (values: readonly (string | undefined)[]): Set<string> =>
    new Set(values.filter((one) => one !== undefined && one !== '') as string[]); // the filter says so
  return {
    resources: present(names.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames])),
    kinds: present(names.flatMap(({ kind, listKind }) => [kind, listKind])),
  };
}

type Problem = { readonly reason: string; readonly message: string };

export interface Acceptance {
  readonly acceptedNames: DefinitionNames;
  readonly namesAccepted: Condition;
  readonly established: Condition;
}

/**
 * Which of its names a definition gets, when the others of its group keep theirs. A name that is taken is not
 * accepted, the one accepted before stays; a definition is established once all its names were accepted.
 */
export function acceptNames(definition: Definition, others: readonly Definition[]): Acceptance {
  const taken = takenBy(
    others.filter(
      ({ spec, metadata }) => spec.group === definition.spec.group && metadata.uid !== definition.metadata.uid,
    ),
  );
  const wanted = definition.spec.names;
  const before = definition.status?.acceptedNames ?? { kind: '', plural: '' };
  const accepted: Record<string, unknown> = { ...before };
  const problems: Problem[] = [];
  const grant = (field: keyof DefinitionNames, used: ReadonlySet<string>, reason: string): void => {
    const values = [wanted[field] ?? []].flat();
    const conflict = values.find((value) => used.has(value));
    if (conflict !== undefined) problems.push({ reason, message: `"${conflict}" is already in use` });
    else accepted[field] = wanted[field];
  };
  grant('plural', taken.resources, 'PluralConflict');
  grant('singular', taken.resources, 'SingularConflict');
  grant('shortNames', taken.resources, 'ShortNamesConflict');
  grant('kind', taken.kinds, 'KindConflict');
  grant('listKind', taken.kinds, 'ListKindConflict');
  accepted['categories'] = wanted.categories;
  const acceptedNames = Object.fromEntries(Object.entries(accepted).filter(([, value]) => value !== undefined));
  return {
    acceptedNames,
    namesAccepted: namesCondition(problems.at(-1)),
    established: establishedCondition(definition, problems.length === 0),
  };
}

function namesCondition(problem: Problem | undefined): Condition {
  const fine = { reason: 'NoConflicts', message: 'no conflicts found' };
  return { type: 'NamesAccepted', status: problem ? 'False' : 'True', ...(problem ?? fine) };
}

function establishedCondition(definition: Definition, isAccepted: boolean): Condition {
  const known = findCondition(definition.status?.conditions, 'Established');
  if (known?.status === 'True') return known;
  const yes = { reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' };
  const no = { reason: 'NotAccepted', message: 'not all names are accepted' };
  return { type: 'Established', status: isAccepted ? 'True' : 'False', ...(isAccepted ? yes : no) };
}

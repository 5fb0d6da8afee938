import { ApiError, type Clock } from '@kit/base';
import { kinds, type DiscoveredType, type Discovery, type Views } from '@kit/kube';
import { untilSynced } from '../until-synced.ts';
import { CustomColumns } from './custom-columns.ts';
import { fieldSelector } from './kind-filters.ts';
import type { ListedKind } from './listed-kind.ts';
import { listedKinds } from './listed-kinds.ts';

/** A name nobody serves makes the cluster be asked again this often at most, however many ask. */
const askAgainMs = 3000;

interface Named {
  readonly plural: string;
  /** Absent when any group will do. */
  readonly group?: string;
}

function namedBy(text: string): Named {
  const dot = text.indexOf('.');
  return dot < 0 ? { plural: text } : { plural: text.slice(0, dot), group: text.slice(dot + 1) };
}

const canBeListed = ({ verbs }: DiscoveredType): boolean => verbs.includes('list') && verbs.includes('watch');

/** Finds kinds by the names in paths: those of the table, and whatever else the cluster serves. */
export class KindFinder {
  readonly #discovery: Discovery;
  readonly #views: Views;
  readonly #clock: Clock;
  readonly #columns: CustomColumns;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor({ discovery, views, clock }: { discovery: Discovery; views: Views; clock: Clock }) {
    this.#discovery = discovery;
    this.#views = views;
    this.#clock = clock;
    this.#columns = new CustomColumns(views);
  }

  /**
   * The kind of that plural name, or `plural.group`. One of the table that the cluster has no definition of is
   * `undefined`: there are none. `NotFound` when nobody knows it, or only outside namespaces.
   */
  async find(name: string, namespace: string | undefined): Promise<ListedKind | undefined> {
    const named = namedBy(name);
    const known = this.#inTable(named);
    if (known) checkPlace(name, known.type, namespace);
    if (known && !known.isCustom) return known;
    const type = await this.#served(known ? known.type : named);
    if (type) return this.#custom(type, known, () => checkPlace(name, type, namespace));
    if (known) return undefined;
    throw new ApiError('NotFound', `"${name}" is no kind that can be listed here`, { details: { kind: name } });
  }

  async #custom(type: DiscoveredType, known: ListedKind | undefined, check: () => void): Promise<ListedKind> {
    check();
    await untilSynced(this.#views.of(kinds.customresourcedefinitions));
    const { sorts } = this.#columns.of(type);
    const rules = known ?? { filters: { fieldSelector }, guarded: true };
    return { ...rules, type, sorts: { ...sorts, ...known?.sorts } };
  }

  #inTable({ plural, group }: Named): ListedKind | undefined {
    const known = listedKinds.get(plural);
    return group === undefined || known?.type.group === group ? known : undefined;
  }

  async #served(named: Named): Promise<DiscoveredType | undefined> {
    const fits = (type: DiscoveredType): boolean =>
      type.plural === named.plural && (named.group === undefined || type.group === named.group) && canBeListed(type);
    const found = (await this.#discovery.types()).find(fits);
    const isGone = found && !this.#views.of(found).served;
    if ((found && !isGone) || this.#clock.now() - this.#askedMs < askAgainMs) return isGone ? undefined : found;
    this.#askedMs = this.#clock.now();
    return (await this.#discovery.refresh()).find(fits);
  }
}

function checkPlace(
  name: string,
  { namespaced }: { readonly namespaced: boolean },
  namespace: string | undefined,
): void {
  if (namespace === undefined || namespaced) return;
  throw new ApiError('NotFound', `"${name}" do not live in a project`, { details: { kind: name } });
}

import type { ClusterObject } from '../client.ts';
import { canonical } from '../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import type { Informer } from '../reconcile/informer.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { type LabelSelector, matchesSelector } from '../reconcile/selectors.ts';

interface ClusterRole extends ClusterObject {
  readonly rules?: readonly object[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

/** Gives a cluster role with an aggregation rule the rules of all cluster roles whose labels it selects. */
export function clusterRoleAggregationController(context: ControllerContext): Controller {
  const roles = context.informers.of<ClusterRole>(refs.clusterRoles);
  const controller = new QueueController(context, {
    name: 'clusterrole-aggregation',
    reconcile: async (name) => {
      const role = roles.get(undefined, name);
      if (!role?.aggregationRule || role.metadata.deletionTimestamp) return;
      const rules = gatheredRules(role, roles);
      if (canonical(rules) === canonical(role.rules ?? [])) return;
      const body = { metadata: { resourceVersion: role.metadata.resourceVersion }, rules };
      roles.observe(await context.client.patch(refs.clusterRoles, undefined, name, { type: 'merge', body }));
    },
  });
  const gathering = (): string[] =>
    [...roles.all()].filter(({ aggregationRule }) => aggregationRule).map(({ metadata }) => metadata.name);
  return controller.feed(roles, gathering);
}

/** In the order of the roles' names, each rule once. */
function gatheredRules(role: ClusterRole, roles: Informer<ClusterRole>): object[] {
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? [];
  const selected = [...roles.all()]
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .filter(({ metadata }) => selectors.some((selector) => matchesSelector(selector, metadata.labels)))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rules = new Map(
    selected.flatMap(({ rules: own }) => (own ?? []).map((rule) => [canonical(rule), rule] as const)),
  );
  return [...rules.values()];
}

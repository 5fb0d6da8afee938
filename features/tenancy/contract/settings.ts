import { Type, type Static } from 'typebox';

const amounts = Type.Record(Type.String(), Type.String());

/** What platform administrators set for all tenants of a cluster. */
export const tenancySettings = Type.Object({
  /** Given to every new project as a LimitRange for containers; absent: none. */
  defaultLimits: Type.Optional(
    Type.Object({
      /** What a container is limited to that does not say. */
      default: Type.Optional(amounts),
      /** What a container is taken to ask for that does not say. */
      defaultRequest: Type.Optional(amounts),
      max: Type.Optional(amounts),
      min: Type.Optional(amounts),
    }),
  ),
  /** How many times what the nodes have may be promised to workspaces together; absent: no bound. */
  overcommit: Type.Optional(
    Type.Object({
      cpu: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1000 })),
      memory: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1000 })),
    }),
  ),
});

export type TenancySettings = Static<typeof tenancySettings>;

/** The ConfigMap in the platform's namespace that holds them as JSON, and its key. */
export const settingsMap = { name: 'tenancy-settings', key: 'settings.json' } as const;
/** The LimitRange that a new project gets of the settings. */
export const defaultLimitsName = 'freehold-defaults';

export { resourcesRoutes } from './routes.ts';
export { resourcesMounts, resourcesUpgrades } from './pass-through/mounts.ts';
export type { ResourcesDeps } from './ports.ts';

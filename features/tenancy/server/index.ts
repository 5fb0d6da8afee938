export { tenancyRoutes } from './routes.ts';
export type { TenancyDeps } from './ports.ts';

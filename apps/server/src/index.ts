export { composeServer, routeTable } from './compose.ts';
export type { ComposedServer, RouteTable, ServerConfig, ServerOptions } from './compose.ts';
export type { AdmissionAddress } from './features.ts';

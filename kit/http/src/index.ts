export { defineRoute, JsonBytes, Reply } from './route.ts';
export type { Method, Permission, Route, RouteRequest, RouteSchemas, Scope, User } from './route.ts';
export type { Mount, RawContext, Upgrade } from './mount.ts';

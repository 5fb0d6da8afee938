export { defineRoute, JsonBytes, JsonParts, Reply } from './route.ts';
export type { Method, Permission, Route, RouteRequest, RouteSchemas, Scope, User } from './route.ts';
export type { Mount, RawConnection, RawContext, Upgrade } from './mount.ts';
export { createHttp } from './create-http.ts';
export type { HttpOptions, HttpServer } from './create-http.ts';
export type { AuthorizeRequest, Guards } from './guard.ts';
export { openApiDocument, permissionText } from './openapi.ts';
export type { ApiInfo, OpenApiDocument } from './openapi.ts';
export { pingUntilClosed } from './ping-until-closed.ts';

export { composeControllers } from './compose.ts';
export type { ControllersOptions } from './compose.ts';
export { installKinds } from './install.ts';
export type { InstallDeps } from './install.ts';
export { uninstallKinds } from './uninstall.ts';
export { leaderLease } from './leader-lease.ts';

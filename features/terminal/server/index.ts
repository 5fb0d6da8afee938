export { fileMounts } from './files/file-mounts.ts';
export { terminalRoutes } from './files/file-list-route.ts';
export { terminalUpgrades } from './terminal-upgrades.ts';
export type { TerminalDeps } from './ports.ts';

export { startPlatform } from './compose.ts';
export type { Platform, PlatformConfig, PlatformParts } from './compose.ts';
export { openDataFolder } from './data-folder.ts';
export type { DataFolder } from './data-folder.ts';

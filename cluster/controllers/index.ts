export { startControllers } from './start-controllers.ts';
export type { ControllersOptions } from './start-controllers.ts';

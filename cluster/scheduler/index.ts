export { startScheduler } from './start-scheduler.ts';
export type { SchedulerOptions } from './start-scheduler.ts';

export {
  importAnswer,
  importItem,
  importRequest,
  kindCounts,
  revision,
  revisionList,
  searchAnswer,
  stateCounts,
} from './answers.ts';
export type {
  ImportAnswer,
  ImportItem,
  ImportRequest,
  KindCounts,
  Revision,
  SearchAnswer,
  StateCounts,
} from './answers.ts';
export { states } from './state.ts';
export type { Condition, Fields, ObjectStatus, State } from './state.ts';
export { podReason, podStatus } from './pod-status.ts';
export { cronJobStatus, daemonSetStatus, deploymentStatus, jobStatus, statefulSetStatus } from './workload-status.ts';
export { hasStatus, matchesStatus, nodeStatus, phaseStatus, statusOf } from './status.ts';

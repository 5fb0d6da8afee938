/** What a person does next about a cause; the page turns it into a button. */
export type NextStep =
  'editImage' | 'editYaml' | 'logs' | 'previousLogs' | 'events' | 'scale' | 'rollBack' | 'openPods';

/**
 * Why something does not run: a code whose sentence stands in the messages under `resources.cause.<code>`, the
 * values that sentence names, and what the system itself said, word for word, in `answer`.
 */
export interface Cause {
  readonly code: CauseCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly answer?: string;
  readonly steps: readonly NextStep[];
  readonly container?: string;
  /** Names of the pods it holds for; empty when no pod exists. */
  readonly pods: readonly string[];
  /** Still within normal bounds: things are on their way and nobody needs to act. */
  readonly passing?: boolean;
  /** It runs again; said because it happened within the last hour. */
  readonly recovered?: boolean;
}

const stepsOf = {
  imagePull: ['editImage', 'events'],
  imageUnauthorized: ['editYaml', 'events'],
  imageNameInvalid: ['editImage'],
  imageNeverPulled: ['editYaml'],
  containerOom: ['editYaml', 'previousLogs'],
  containerExit: ['previousLogs'],
  containerSignal: ['previousLogs'],
  containerEnds: ['previousLogs', 'editYaml'],
  containerCannotStart: ['editYaml', 'events'],
  configMissing: ['editYaml'],
  volumeMount: ['editYaml', 'events'],
  readinessProbe: ['logs', 'editYaml'],
  livenessProbe: ['previousLogs', 'editYaml'],
  startupProbe: ['logs', 'editYaml'],
  unschedulable: ['editYaml', 'events'],
  claimMissing: ['editYaml'],
  evicted: ['events'],
  nodeLost: ['openPods'],
  quotaExceeded: ['scale', 'editYaml'],
  quotaNeedsValue: ['editYaml'],
  limitRange: ['editYaml'],
  serviceAccountMissing: ['editYaml'],
  admissionDenied: ['editYaml'],
  podSecurity: ['editYaml'],
  podRefused: ['events', 'editYaml'],
  deadline: ['rollBack', 'events'],
  notReady: ['logs', 'events'],
  waitingForNode: ['events'],
  pulling: ['events'],
  creating: ['events'],
  selectorMatchesNothing: ['editYaml'],
  noReadyEndpoint: ['openPods'],
  portNotOpen: ['editYaml'],
} as const satisfies Record<string, readonly NextStep[]>;

export type CauseCode = keyof typeof stepsOf;

export interface CauseFacts {
  readonly params?: Cause['params'];
  readonly answer?: string;
  readonly container?: string;
  readonly pod?: string;
  readonly passing?: boolean;
}

/** A cause with the steps its code stands for. */
export function cause(code: CauseCode, facts: CauseFacts = {}): Cause {
  const { params = {}, answer, container, pod, passing } = facts;
  return {
    code,
    params,
    steps: stepsOf[code],
    pods: pod === undefined ? [] : [pod],
    ...(answer === undefined ? {} : { answer: answer.trim() }),
    ...(container === undefined ? {} : { container }),
    ...(passing === undefined ? {} : { passing }),
  };
}

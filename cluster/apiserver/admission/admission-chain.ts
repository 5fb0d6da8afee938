import type { Admission, AdmissionRequest, AdmissionStep } from '../store/write-request.ts';

type Step = (request: AdmissionRequest) => Promise<void> | void;

/** Runs the steps in order, at once as far as they go; from the first that waits on, the rest waits too. */
function run(steps: readonly Step[], request: AdmissionRequest, from = 0): Promise<void> | undefined {
  for (let index = from; index < steps.length; index++) {
    const waiting = steps[index]?.(request);
    if (waiting) return waiting.then(() => run(steps, request, index + 1));
  }
  return undefined;
}

/** A second round, where the first one has asked for it. */
function again(steps: readonly Step[], request: AdmissionRequest): Promise<void> | undefined {
  if (!request.wantsSecondRound || request.round === 1) return undefined;
  request.round = 1;
  return run(steps, request);
}

/** The phases that the steps make up. */
export function admissionChain(steps: readonly AdmissionStep[]): Admission {
  const mutating = steps.flatMap((step) => (step.mutate ? [step.mutate.bind(step)] : []));
  const validating = steps.flatMap((step) => (step.validate ? [step.validate.bind(step)] : []));
  return {
    mutate(request) {
      const waiting = run(mutating, request);
      return waiting ? waiting.then(() => again(mutating, request)) : again(mutating, request);
    },
    validate: (request) => run(validating, request),
  };
}

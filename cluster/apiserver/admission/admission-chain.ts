import type { Admission } from '../store/write-request.ts';

/** Rules in order; the first that throws decides. */
export function admissionChain(...rules: readonly Admission[]): Admission {
  return (request) => {
    for (const rule of rules) rule(request);
  };
}

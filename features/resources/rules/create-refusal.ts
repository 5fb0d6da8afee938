import { cause, type Cause } from './cause.ts';

type Reader = readonly [RegExp, (groups: readonly string[]) => Cause];

/** `requests.cpu=2,limits.cpu=4` as the quota's answer has it: the first pair is the one worth naming. */
function firstPair(list: string): { readonly resource: string; readonly value: string } {
  const [resource = '', value = ''] = (list.split(',')[0] ?? '').split('=');
  return { resource: resource.trim(), value: value.trim() };
}

const readers: readonly Reader[] = [
  [
    /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+)$/,
    ([quota = '', asked = '', used = '', limit = '']) => {
      const { resource, value } = firstPair(asked);
      return cause('quotaExceeded', {
        params: { quota, resource, asked: value, used: firstPair(used).value, limit: firstPair(limit).value },
      });
    },
  ],
  [
    /failed quota: ([^:]+): must specify (\S+)(?: for: (.+?))?(?:;|$)/,
    ([quota = '', resource = '', containers = '']) =>
      cause('quotaNeedsValue', { params: { quota, resource, containers } }),
  ],
  [
    /error looking up service account [^/]+\/([^:]+): /,
    ([account = '']) => cause('serviceAccountMissing', { params: { account } }),
  ],
  [
    /violates PodSecurity "([^":]+)[^"]*": (.+)$/,
    ([level = '', why = '']) => cause('podSecurity', { params: { level }, answer: why }),
  ],
  [
    /admission webhook "([^"]+)" denied the request:? ?(.*)$/,
    ([by = '', why = '']) => cause('admissionDenied', { params: { by }, answer: why }),
  ],
  [
    /ValidatingAdmissionPolicy '([^']+)'.*denied request: (.*)$/,
    ([by = '', why = '']) => cause('admissionDenied', { params: { by }, answer: why }),
  ],
  [
    /is forbidden: ((?:maximum|minimum) \S+ usage per \w+ is .+)$/,
    ([why = '']) => cause('limitRange', { answer: why }),
  ],
];

/** Why the API server refuses to make the pods, from the message of a `FailedCreate`. */
export function causeOfRefusal(message: string): Cause {
  const line = message.replace(/\s+/g, ' ').trim();
  for (const [pattern, read] of readers) {
    const match = pattern.exec(line);
    if (match) return { answer: line, ...read(match.slice(1).map((group) => group ?? '')) };
  }
  return cause('podRefused', { answer: line.replace(/^Error creating: /, '') });
}

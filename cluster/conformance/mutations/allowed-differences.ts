import type { Difference } from './differences.ts';

/** A kind of probe that is answered differently, on purpose or not yet alike. */
export interface AllowedDifference {
  readonly why: string;
  readonly probes: RegExp;
  /** In nothing but these. */
  readonly parts: readonly string[];
}

const allows = ({ probes, parts: allowed }: AllowedDifference, { probe, parts }: Difference): boolean =>
  probes.test(probe) && parts.every((part) => allowed.includes(part));

/** True for a difference that the list knows. */
export function isAllowed(difference: Difference): boolean {
  return allowedDifferences.some((allowed) => allows(allowed, difference));
}

/** Reasons that are given for nothing, or for parts in which nothing differs: they have to go from the list. */
export function staleEntries(found: readonly Difference[]): string[] {
  return allowedDifferences.flatMap((allowed) => {
    const known = found.filter((difference) => allows(allowed, difference));
    if (known.length === 0) return [allowed.why];
    const unused = allowed.parts.filter((part) => !known.some(({ parts }) => parts.includes(part)));
    return unused.map((part) => `${allowed.why} (${part})`);
  });
}

const words: readonly string[] = ['message', 'causes'];
const verdict: readonly string[] = ['status', 'reason', 'message', 'causes', 'stored'];
const all: readonly string[] = [...verdict, 'warnings'];

/** Wherever a line speaks of words, the verdict is the same: accepted or refused, with the same status and reason. */
export const allowedDifferences: readonly AllowedDifference[] = [
  // verdicts
  {
    why: 'a dry run of the real server gives any node port, also one outside the range',
    probes: /^Service full: (minus|huge) spec\.ports\.0\.nodePort$/,
    parts: all,
  },
  {
    why: 'a field in a status subresource, which has none, is not told of',
    probes: /^CustomResourceDefinition full: unknown \S+\.status$/,
    parts: ['status', 'reason', 'message', 'stored'],
  },
  {
    why: 'a directive of null for a whole object crashes nothing here',
    probes: /^Deployment: strategic-merge patch order of containers$/,
    parts: ['status', 'message', 'stored'],
  },
  {
    why: 'of an address type that goes out of use nothing is said where no endpoint is left',
    probes: /^EndpointSlice names: put drop endpoints/,
    parts: ['warnings'],
  },
  // words
  {
    why: 'definitions are shown as Go structs of the form the server has of its own, with everything they leave out',
    probes:
      /^CustomResourceDefinition( full)?: ((none|twice) spec\.versions|drop spec\.versions\.0(\.(storage|schema(\.openAPIV3Schema)?))?|bad spec\.versions\.0\.(name|schema\.openAPIV3Schema\.type))$/,
    parts: words,
  },
  {
    why: 'an event of events.k8s.io has limits in words of its own, and of its updates some mistakes are told alone',
    probes: /^Event new: (long |put (drop eventTime$|(drop|other) (reason|type)$))/,
    parts: words,
  },
  {
    why: 'a name longer than any label, or empty, is refused in other words',
    probes: /: (empty spec\.managedBy|long (spec\.managedBy|metadata\.name))$/,
    parts: words,
  },
  {
    why: 'variables of a policy with a mistake are still known to its other expressions',
    probes: /^ValidatingAdmissionPolicy full: (put )?(drop|empty) spec\.variables\.0\.expression$/,
    parts: words,
  },
  {
    why: 'a field path of another version is told with all that follows from it',
    probes: /^Pod( \w+)?: put other \S+\.fieldRef\.apiVersion$/,
    parts: words,
  },
  {
    why: 'the values that are supported stand in another order, or missing containers are told twice',
    probes: /^Pod( \w+)?: put (other spec\.preemptionPolicy|drop spec)$/,
    parts: words,
  },
  {
    why: 'what a job may not change is told in another order, or without a mistake that follows from it',
    probes:
      /^Job( \w+)?: put (drop spec(\.completions)?|drop spec\.selector\.matchLabels(\.\S+)?|(drop|other) spec\.manualSelector)$/,
    parts: words,
  },
  {
    why: 'mistakes in a template that may not change at all are told too',
    probes: /^StatefulSet: put (drop|other) spec\.volumeClaimTemplates\.0\.spec/,
    parts: words,
  },
  {
    why: 'an address that is none, or a type that is none, is told with what follows from it',
    probes: /^Service( \w+)?: put other spec\.(clusterIP|type)$/,
    parts: words,
  },
  {
    why: 'what the patched object cannot be read as is said in words of the Go library',
    probes:
      /^Deployment: (strategic-merge patch (wrong type|text for an object|list for an object)|merge patch (bad label|bad annotation|text)|json patch replace what is not there)$/,
    parts: words,
  },
  {
    why: 'two mistakes in one update, in another order or one of them alone',
    probes:
      /^(ResourceSlice: put drop spec(\.nodeName)?|PersistentVolume local: put drop spec\.nodeAffinity\.\S+\.key|Node full: put other spec\.podCIDR|ControllerRevision: put drop data|StorageClass\S*( \w+)?: put drop parameters\.a)$/,
    parts: words,
  },
];

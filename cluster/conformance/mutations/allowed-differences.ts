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
  {
    why: 'of an address type that goes out of use updates are not always told alike',
    probes: /^EndpointSlice names: put/,
    parts: ['warnings'],
  },
  {
    why: 'of several mistakes in an update the real server lists some in another order, or ends with a Go struct',
    probes: /: (put|status|scale|(strategic-merge|merge|json) patch) /,
    parts: words,
  },
  {
    why: 'definitions are shown as Go structs of the form the server has of its own, with everything they leave out',
    probes:
      /^CustomResourceDefinition( full)?: (twice spec\.versions|drop spec\.versions\.0\.(storage|schema)|text spec\.versions|bad spec\.versions|(drop|empty|bad) spec\.versions\.0\.schema)/,
    parts: words,
  },
  {
    why: 'expressions that select devices are not compiled: no device is handed out',
    probes: /^DeviceClass: .*cel\.expression$/,
    parts: verdict,
  },
  {
    why: 'a dry run of the real server gives any node port, also one outside the range',
    probes: /^Service full: (minus|huge) spec\.ports\.0\.nodePort$/,
    parts: all,
  },
  {
    why: 'an event of events.k8s.io is refused under the name of a core event there, with limits in words of its own',
    probes: /^Event new: /,
    parts: words,
  },
  {
    why: 'an empty text where a field may be left out: the real server tells it from none at all',
    probes:
      /: empty (spec\.ports\.0\.appProtocol|subsets\.0\.\S+|spec\.managedBy|endpoints\.0\.addresses\.0|\S+\.service\.path)$/,
    parts: all,
  },
  {
    why: 'a name longer than any label is refused in other words',
    probes: /: long (spec\.managedBy|metadata\.name)$/,
    parts: words,
  },
  {
    why: 'no version at all, or a field in a status subresource that has none, is told of by the form of the server',
    probes: /^CustomResourceDefinition( full)?: ((none|drop) spec\.versions(\.0)?|unknown \S+\.status)$/,
    parts: verdict,
  },
  {
    why: 'variables of a policy with a mistake are still known to its other expressions',
    probes: /^ValidatingAdmissionPolicy full: (drop|empty) spec\.variables\.0\.expression$/,
    parts: words,
  },
  {
    why: 'changes of the tokens a driver asks for are told of once only, when it is made',
    probes: /^CSIDriver full: put (drop|other) spec\.tokenRequests/,
    parts: ['warnings'],
  },
  {
    why: 'sources of a claim that an update leaves out are not put back from before',
    probes: /^(PersistentVolumeClaim full: put drop spec\.dataSource(Ref)?)$/,
    parts: verdict,
  },
  {
    why: 'the older name of an account, selectors of a gated pod and annotations of the server are not settled alike',
    probes:
      /: put (other spec\.serviceAccount|(drop|other) spec\.nodeSelector(\.disk)?|other \S+\.template\.generation|other spec\.volumeClaimTemplates\.0\.\S+)$/,
    parts: verdict,
  },
  {
    why: 'patches of what names the object, and two that need an order, end in another refusal or order',
    probes:
      /^(Deployment: (strategic-merge|merge|json) patch (another container|order of containers|other (uid|kind|version)|deletion time|escaped key)|Service two: (strategic-merge patch another port|merge patch to ExternalName))$/,
    parts: verdict,
  },
];

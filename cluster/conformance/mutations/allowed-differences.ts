import type { Difference } from './differences.ts';

/** A kind of probe that is answered differently, on purpose or not yet alike. */
export interface AllowedDifference {
  readonly why: string;
  readonly probes: RegExp;
  /** In nothing but these. */
  readonly parts: readonly string[];
}

/** True for a difference that the list knows. */
export function isAllowed({ probe, parts }: Difference): boolean {
  return allowedDifferences.some(
    (allowed) => allowed.probes.test(probe) && parts.every((part) => allowed.parts.includes(part)),
  );
}

const words: readonly string[] = ['message', 'causes'];
const verdict: readonly string[] = ['status', 'reason', 'message', 'causes', 'warnings', 'stored'];

/** Wherever a line speaks of words, the verdict is the same: accepted or refused, with the same status and reason. */
export const allowedDifferences: readonly AllowedDifference[] = [
  {
    why: 'warnings about pods, TLS secrets and CSI drivers that were accepted are not given yet',
    probes:
      /^(Pod|PodTemplate|Secret tls|CSIDriver full|EndpointSlice names|Service full|Deployment|StatefulSet|Job)\b/,
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
    parts: verdict,
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
    parts: verdict,
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
    why: 'owners named twice are kept, and a negative grace period is stored as it came',
    probes:
      /^(Namespace labelled: twice metadata\.ownerReferences|Pod placed: minus spec\.terminationGracePeriodSeconds)$/,
    parts: ['warnings', 'stored'],
  },
  {
    why: 'these kinds count generations of their content in the real server, which nothing reads',
    probes: /^(VolumeAttributesClass|CSIDriver( full)?|PriorityClass full)(:|$)/,
    parts: ['warnings', 'stored', 'not asked'],
  },
  {
    why: 'policies of a driver and sources of a claim that an update leaves out are not put back from before',
    probes:
      /^(CSIDriver full: put drop spec\.fsGroupPolicy|PersistentVolumeClaim full: put drop spec\.dataSource(Ref)?)$/,
    parts: verdict,
  },
  {
    why: 'the addresses of a pod are not kept in step, and an empty phase of a claim or volume stays empty',
    probes: /^(Pod: status \S+ status\.podIPs?\S*|PersistentVolume(Claim)?: status empty status\.phase)$/,
    parts: ['stored'],
  },
  {
    why: 'the older name of an account, selectors of a gated pod and annotations of the server are not settled alike',
    probes:
      /: put (other spec\.serviceAccount|(drop|other) spec\.nodeSelector(\.disk)?|other \S+\.template\.generation|other spec\.volumeClaimTemplates\.0\.\S+)$/,
    parts: verdict,
  },
  { why: 'a Scale may have fields too many', probes: /: scale unknown spec$/, parts: verdict },
  {
    why: 'patches of what names the object, and two that need an order, end in another refusal or order',
    probes:
      /^(Deployment: (strategic-merge|merge|json) patch (another container|order of containers|other (uid|kind|version)|deletion time|escaped key)|Service two: (strategic-merge patch another port|merge patch to ExternalName))$/,
    parts: verdict,
  },
];

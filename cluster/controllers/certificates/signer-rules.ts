import type { Subject } from './signing-request.ts';

const domain = 'kubernetes.io/';

type Rule = (subject: Subject, usages: ReadonlySet<string>) => string | undefined;

function usageProblem(
  usages: ReadonlySet<string>,
  { what, required, allowed }: { what: string; required: string; allowed: readonly string[] },
): string | undefined {
  const extra = [...usages].find((usage) => usage !== required && !allowed.includes(usage));
  if (extra !== undefined) return `invalid usage for ${what} certificate: ${extra}`;
  return usages.has(required) ? undefined : `missing required usage for ${what} certificate: ${required}`;
}

const withKeys = ['digital signature', 'key encipherment'];

/** What the certificate of a node's agent must say, whichever it is for. */
function nodeProblem({ commonName, organizations, names }: Subject): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return 'subject organization is not system:nodes';
  if (names.email.length > 0) return 'Email subjectAltNames are not allowed';
  if (names.url.length > 0) return 'URI subjectAltNames are not allowed';
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';
}

function exactUsages(usages: ReadonlySet<string>, purpose: string): string | undefined {
  const plain = [purpose, 'digital signature'].sort();
  const full = [...plain, 'key encipherment'].sort();
  const given = [...usages].sort().join(',');
  if (given === plain.join(',') || given === full.join(',')) return undefined;
  return `usages did not match [${full.join(' ')}] or [${plain.join(' ')}]`;
}

/** Why a request is not one for a kubelet's client certificate. */
export const kubeletClientProblem: Rule = (subject, usages) => {
  const { dns, ip } = subject.names;
  if (subject.organizations.length === 1 && subject.organizations[0] === 'system:nodes') {
    if (dns.length > 0) return 'DNS subjectAltNames are not allowed';
    if (ip.length > 0) return 'IP subjectAltNames are not allowed';
  }
  return nodeProblem(subject) ?? exactUsages(usages, 'client auth');
};

const kubeletServingProblem: Rule = (subject, usages) => {
  const { dns, ip } = subject.names;
  const isNode = subject.organizations.length === 1 && subject.organizations[0] === 'system:nodes';
  if (isNode && dns.length + ip.length === 0) return 'DNS or IP subjectAltName is required';
  return nodeProblem(subject) ?? exactUsages(usages, 'server auth');
};

/** The signers of the cluster itself, each with what it does not sign. */
export const signerRules: Readonly<Record<string, Rule>> = {
  [`${domain}kube-apiserver-client`]: (_subject, usages) =>
    usageProblem(usages, { what: 'client', required: 'client auth', allowed: withKeys }),
  [`${domain}kube-apiserver-client-kubelet`]: kubeletClientProblem,
  [`${domain}kubelet-serving`]: kubeletServingProblem,
  [`${domain}legacy-unknown`]: () => undefined,
};

interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const letter = '[bcdfghjklmnpqrstvwxz2456789]'; // of which the names that a server makes up consist

/** What differs from run to run and from cluster to cluster, and the word that stands for it. */
const changing: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/^! [IWE]\d{4} .*\n/gm, ''], // the log of kubectl itself
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, '<time>'],
  [/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/https?:\/\/(127\.0\.0\.1|localhost|10\.9\d\.0\.\d+):\d+/g, '<server>'],
  [/(127\.0\.0\.1|\[::1\]):\d+/g, '<here>'],
  [/\b\d{1,3}(\.\d{1,3}){3}(?!\/)\b/g, '<ip>'],
  [/(containerd|simulated|kwok|docker):\/\/\S+/g, '<container>'],
  [/\b(sha256:)?[0-9a-f]{64}\b/g, '<digest>'],
  [/\b(node-\d|labnode)\b/g, '<node>'],
  [/kubernetes-admin/g, 'admin'],
  [/kube-api-access-\w{5}/g, 'kube-api-access-<id>'],
  [new RegExp(`\\b((?:[a-z0-9]+-)+?)${letter}{8,10}-${letter}{5}\\b`, 'g'), '$1<hash>-<id>'],
  [new RegExp(`\\b((?:[a-z]+-)+?)${letter}{8,10}\\b`, 'g'), '$1<hash>'],
  [new RegExp(`\\b((?:[a-z]+-)+?)${letter}{5}\\b`, 'g'), '$1<id>'],
  [/((?:pod-template-hash|controller-revision-hash)(?:=|: "?))[a-z0-9-]+/g, '$1<hash>'],
  [/("?resource ?Version"?: +)"?\d+"?/gi, '$1<version>'],
  [/\b(\d{2}|\d+ )?(\d+d)?(\d+h)?(\d+m)?\d+s\b(?! timeout)/g, '<age>'],
  [/\b\d+m\b(?= *$|\s+<|\s{2})/gm, '<age>'],
  [/<unknown>(?= *$)/gm, '<age>'],
  [/<age> \(x\d+ over <age>\)/g, '<age>'],
  [/:3[0-2]\d{3}\//g, ':<port>/'],
  [/(NodePort: .*?)3[0-2]\d{3}/g, '$1<port>'],
];

/** A text without what no two clusters have in common: names of objects, times, addresses, the width of columns. */
export function normalise(text: string, { folder, env }: Surroundings): string {
  let result = text.replaceAll(folder, '<folder>');
  for (const [name, value] of Object.entries(env)) {
    if (name === 'NODE_A') result = result.replaceAll(value, '<node>');
    if (name === 'IMAGE') result = result.replaceAll(value, '<image>');
  }
  for (const [pattern, word] of changing) result = result.replace(pattern, word);
  return result
    .replace(/(?<=\S)[ \t]{2,}(?=\S)/g, '  ')
    .replace(/[ \t]+$/gm, '')
    .replace(/^-{3,}$/gm, '---');
}

/** Keys whose values no two servers share, and the word that stands for them. */
const changing: readonly (readonly [key: RegExp, word: string])[] = [
  [/^(uid|resourceVersion|pod-template-hash|kid|continue|n|nodeName)$/, '<$1>'],
  [/(ca-file)$/, '<$1>'],
  [/token$|^id_token/, '<token>'],
  [/^(client-certificate|certificate-authority|client-key)-data$|^kubeconfig$/, '<data>'],
];
const letter = '[bcdfghjklmnpqrstvwxz2456789]'; // of which the names that a server makes up consist
const parts: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/(-data: )\S+/g, '$1<data>'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<jwt>'],
  [/\b(web|api|old)-[0-9a-f]{8,10}(-\w{5})?\b/g, '$1-<hash>'],
  [new RegExp(`\\b(web|api|old)-${letter}{8,10}(-${letter}{5})?\\b`, 'g'), '$1-<hash>'],
  [/\b(10|127)\.\d+\.\d+\.\d+(:\d+)?/g, '<ip>'],
  [
    new RegExp(
      `\\b(kube-api-access|jane|mark|dev|ops|admin|api|once|old)(-[0-9a-f]{8,10})?-(?!admin\\b)${letter}{5}\\b`,
      'g',
    ),
    '$1-<x>',
  ],
  [/^\d+(s|m|m\d+s)$/, '<age>'], // a cell of a table
];

/** Annotations whose text is JSON: how it is spaced says nothing. */
const inJson = /\/(aggregation-roles|role-template-rules|dependencies)$/;

function normalText(text: string, key: string): string {
  if (text === '') return text;
  if (inJson.test(key)) return JSON.stringify(JSON.parse(text));
  if (key === 'n' && text.length < 100) return text; // an RSA modulus, and no other n
  for (const [pattern, word] of changing)
    if (pattern.test(key)) return word.replace('$1', pattern.exec(key)?.[1] ?? '');
  return parts.reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

const byName = (left: Named, right: Named): number => (left.metadata.name < right.metadata.name ? -1 : 1);
interface Named {
  readonly metadata: { readonly name: string };
}

function isNamed(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && 'metadata' in value;
}

/** Sentences about fields are each project's own; nobody's client reads them. */
const isProse = (key: string, parent: Readonly<Record<string, unknown>>): boolean =>
  key === 'description' && ('type' in parent || 'openAPIV3Schema' in parent);

/** An answer without what differs from run to run: times, uids, versions, tokens, hashes, made-up names. */
export function normalise(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) {
    const isList = key === undefined && value.every(isNamed);
    return (isList ? value.toSorted(byName) : value).map((item: unknown) => normalise(item, ''));
  }
  if (typeof value === 'string') return normalText(value, key ?? '');
  if (typeof value !== 'object' || value === null)
    return /^(nodePort|generation|observedGeneration)$/.test(key ?? '') ? `<${key}>` : value;
  const entries = Object.entries(value).filter(
    ([name]) => name !== 'managedFields' && !isProse(name, value as Record<string, unknown>),
  );
  return Object.fromEntries(
    entries
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, inner]) => [name, normalise(inner, name)]),
  );
}

/** Checks of names and other short texts; each gives the sentences that are wrong with the text, none if it is fine. */
export type Format = (text: string) => string[];

const regexNote = (examples: readonly string[], regex: string): string => {
  const list = examples
    .map((example, index) => `${index > 0 ? 'or ' : ''}'${example}'`)
    .join(', ')
    .replaceAll(', or', ',  or');
  return `(e.g. ${list}, regex used for validation is '${regex}')`;
};

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const labelNote =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
  regexNote(['my-name', '123-abc'], label);
const subdomainNote =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
  regexNote(['example.com'], subdomain);
const dns1035Note =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character " +
  regexNote(['my-name', 'abc-123'], '[a-z]([-a-z0-9]*[a-z0-9])?');
const wildcardNote =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character " +
  regexNote(['*.example.com'], `\\*\\.${subdomain}`);
const nameNote =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  regexNote(['MyName', 'my.name', '123-abc'], qualified);
const labelValueNote =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  regexNote(['MyValue', 'my_value', '12345'], `(${qualified})?`);

const searchLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const search = `${searchLabel}(\\.${searchLabel})*`;
const searchNote =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character " +
  regexNote(['example.com'], search);

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const patterns = {
  label: whole(label),
  subdomain: whole(subdomain),
  dns1035: whole('[a-z]([-a-z0-9]*[a-z0-9])?'),
  search: whole(search),
  wildcard: whole(`\\*\\.${subdomain}`),
  qualified: whole(qualified),
  labelValue: whole(`(${qualified})?`),
};

const tooLong = (text: string, max: number, unit = 'characters'): string[] =>
  text.length > max ? [`must be no more than ${max} ${unit}`] : [];

export const dns1123Label: Format = (text) => [...tooLong(text, 63), ...(patterns.label.test(text) ? [] : [labelNote])];

export const dns1123Subdomain: Format = (text) => [
  ...tooLong(text, 253),
  ...(patterns.subdomain.test(text) ? [] : [subdomainNote]),
];

/** A domain that names are looked up in: like a subdomain, but underscores are common there. */
export const searchDomain: Format = (text) => [
  ...tooLong(text, 253),
  ...(patterns.search.test(text) ? [] : [searchNote]),
];

/** Kinds that came late count bytes where older ones count characters. */
export const longName: Format = (text) => [
  ...tooLong(text, 253, 'bytes'),
  ...(patterns.subdomain.test(text) ? [] : [subdomainNote]),
];

export const dns1035Label: Format = (text) => [
  ...tooLong(text, 63),
  ...(patterns.dns1035.test(text) ? [] : [dns1035Note]),
];

export const wildcardSubdomain: Format = (text) => [
  ...tooLong(text, 253),
  ...(patterns.wildcard.test(text) ? [] : [wildcardNote]),
];

/** `name` or `prefix.example.com/name`: label keys, annotation keys, finalizers, resource names. */
export const qualifiedName: Format = (text) => {
  const slash = text.split('/');
  if (slash.length > 2) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        `${regexNote(['MyName', 'my.name', '123-abc'], qualified)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = slash.at(-1) ?? '';
  const prefix = slash.length === 2 ? slash[0] : undefined;
  const problems: string[] = [];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined) problems.push(...dns1123Subdomain(prefix).map((problem) => `prefix part ${problem}`));
  if (name === '') problems.push('name part must be non-empty');
  else problems.push(...tooLong(name, 63, 'bytes').map((problem) => `name part ${problem}`));
  if (!patterns.qualified.test(name)) problems.push(nameNote);
  return problems;
};

export const labelValue: Format = (text) => [
  ...tooLong(text, 63, 'bytes'),
  ...(patterns.labelValue.test(text) ? [] : [labelValueNote]),
];

/** RBAC and a few others: anything that can stand as one part of a path. */
export const pathSegment: Format = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((bad) => text.includes(bad)).map((bad) => `may not contain '${bad}'`);
};

/** Kinds whose names are not checked, or are by a rule of their own. */
export const anyName: Format = () => [];

export const configMapKey: Format = (text) => {
  const problems = tooLong(text, 253);
  if (!/^[-._a-zA-Z0-9]+$/.test(text)) {
    problems.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
        regexNote(['key.name', 'KEY_NAME', 'key-name'], '[-._a-zA-Z0-9]+'),
    );
  }
  if (text === '.' || text === '..') problems.push(`must not be '${text}'`);
  else if (text.startsWith('..')) problems.push("must not start with '..'");
  return problems;
};

export const portName: Format = (text) => {
  const problems: string[] = [];
  if (text.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

export function portNumber(port: number): string[] {
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive'];
}

/** A file as a container's own `ls` tells of it. */
export interface ListedFile {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  /** In the words of `ls`: without the year for the last half year, without seconds. */
  readonly modified: string;
  /** Of a link: where it leads. */
  readonly target?: string;
}

const types: Readonly<Record<string, ListedFile['type']>> = { '-': 'file', d: 'folder', l: 'link' };

// mode, links, owner, group, size (of a device: two numbers), time (of busybox and of GNU), name
const line =
  /^([-dlbcps])([-rwxsStT]{9})\S?\s+\d+\s+(\S+)\s+(\S+)\s+(?:(\d+)|\d+,\s*\d+)\s+([A-Z][a-z]{2}\s+\d+\s+[\d:]+|\d{4}-\d\d-\d\d \d\d:\d\d)\s(.+)$/;

type Groups = readonly [
  all: string,
  type: string,
  mode: string,
  owner: string,
  group: string,
  size: string | undefined,
  modified: string,
  shown: string,
];

function fileOf(text: string): ListedFile | undefined {
  const match = line.exec(text);
  if (!match) return undefined;
  const [, type, mode, owner, group, size, modified, shown] = match as unknown as Groups; // cast: these are the groups of the pattern; the size of a device is absent
  if (shown === '.' || shown === '..') return undefined;
  const common = { type: types[type] ?? 'other', mode, owner, group, size: Number(size ?? 0), modified };
  const arrow = type === 'l' ? shown.indexOf(' -> ') : -1;
  return arrow < 0
    ? { name: shown, ...common }
    : { name: shown.slice(0, arrow), ...common, target: shown.slice(arrow + 4) };
}

/** The output of `ls -la`, folders first, each in the order of names. */
export function listedFiles(output: string): ListedFile[] {
  const files = output.split('\n').flatMap((text) => fileOf(text) ?? []);
  const rank = ({ type }: ListedFile): number => (type === 'folder' ? 0 : 1);
  return files.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** One ground for which nodes were turned down, and on how many nodes it held. */
export interface Refusal {
  readonly ground: RefusalGround;
  readonly nodes: number;
  /** What the sentence names: the taint, the resource; the scheduler's own words for `other`. */
  readonly subject: string;
}

export type RefusalGround =
  | 'cpu'
  | 'memory'
  | 'resource'
  | 'pods'
  | 'taint'
  | 'selector'
  | 'podAffinity'
  | 'hostPort'
  | 'cordoned'
  | 'volume'
  | 'other';

export interface SchedulingAnswer {
  readonly nodes: number;
  readonly refusals: readonly Refusal[];
}

const grounds: readonly (readonly [RegExp, RefusalGround])[] = [
  [/^Insufficient cpu$/, 'cpu'],
  [/^Insufficient memory$/, 'memory'],
  [/^Too many pods$/, 'pods'],
  [/^Insufficient (\S+)$/, 'resource'],
  [/^node\(s\) had untolerated taint(?:\(s\)|s)? ?\{?([^}]*)\}?$/, 'taint'],
  [/^node\(s\) didn't match Pod's node affinity\/selector$/, 'selector'],
  [/^node\(s\) didn't (?:match|satisfy) .*pod (?:anti-)?affinity/i, 'podAffinity'],
  [/^node\(s\) didn't have free ports/, 'hostPort'],
  [/^node\(s\) were unschedulable$/, 'cordoned'],
  [/volume|PersistentVolume/i, 'volume'],
];

/**
 * Reads the scheduler's `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {...}. ...`;
 * nothing when the message has another form. What follows the first full stop is about preemption.
 */
export function readSchedulingAnswer(message: string): SchedulingAnswer | undefined {
  const match = /^0\/(\d+) nodes are available: (.*)$/s.exec(message);
  const total = match?.[1];
  const rest = match?.[2];
  if (total === undefined || rest === undefined) return undefined;
  const sentence = /^(.*?)\.(?:\s|$)/s.exec(rest)?.[1] ?? rest;
  const refusals = sentence.split(/, (?=\d+ )/).flatMap((part) => {
    const counted = /^(\d+) (.+)$/s.exec(part.trim());
    return counted?.[1] && counted[2] ? [refusalOf(Number(counted[1]), counted[2])] : [];
  });
  return { nodes: Number(total), refusals };
}

function refusalOf(nodes: number, words: string): Refusal {
  for (const [pattern, ground] of grounds) {
    const match = pattern.exec(words);
    if (match) return { ground, nodes, subject: match[1]?.replace(/: ?$/, '').trim() ?? words };
  }
  return { ground: 'other', nodes, subject: words };
}

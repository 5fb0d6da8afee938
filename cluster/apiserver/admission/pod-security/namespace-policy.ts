import type { Cause } from '@kit/base';
import { free, levels } from './standards.ts';
import type { Level, Standard } from './standards.ts';

/** What a namespace asks of its pods: what is refused, what is noted, and of what its user is told. */
export interface Policy {
  readonly enforce: Standard;
  readonly audit: Standard;
  readonly warn: Standard;
}

type Labels = Readonly<Record<string, string>>;
type Mode = keyof Policy;

const label = (mode: Mode, part = ''): string => `pod-security.kubernetes.io/${mode}${part}`;

const isLevel = (text: string): text is Level => levels.some((level) => level === text);

function versionOf(text: string | undefined): Standard['version'] | undefined {
  if (text === undefined || text === 'latest') return 'latest';
  const [, minor] = /^v1\.(0|[1-9]\d*)$/.exec(text) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

/** A level nobody knows is the strictest where it would refuse, and none where it would only talk. */
function standardOf(labels: Labels, mode: Mode): Standard {
  const level = labels[label(mode)] ?? 'privileged';
  const fallback = mode === 'enforce' ? 'restricted' : 'privileged';
  return { level: isLevel(level) ? level : fallback, version: versionOf(labels[label(mode, '-version')]) ?? 'latest' };
}

/** The policy that the labels of a namespace spell. Who enforces a standard and does not say more also warns of it. */
export function policyOf(labels: Labels): Policy {
  const enforce = standardOf(labels, 'enforce');
  const warn = standardOf(labels, 'warn');
  const warnsLess = labels[label('warn')] === undefined && levels.indexOf(enforce.level) > levels.indexOf(warn.level);
  return { enforce, audit: standardOf(labels, 'audit'), warn: warnsLess ? enforce : warn };
}

/** True when nothing is asked: most namespaces. */
export function asksNothing({ enforce, audit, warn }: Policy): boolean {
  return [enforce, audit, warn].every(({ level }) => level === free.level);
}

/** What is wrong with the labels. */
export function labelCauses(labels: Labels): Cause[] {
  const cause = (key: string, must: string): Cause => ({
    field: `metadata.labels[${key}]`,
    message: `Invalid value: ${JSON.stringify(labels[key])}: must be ${must}`,
    reason: 'FieldValueInvalid',
  });
  return (['enforce', 'audit', 'warn'] as const).flatMap((mode) => {
    const level = labels[label(mode)];
    const wrongLevel = level !== undefined && !isLevel(level);
    const wrongVersion = versionOf(labels[label(mode, '-version')]) === undefined;
    return [
      ...(wrongLevel ? [cause(label(mode), `one of ${levels.join(', ')}`)] : []),
      ...(wrongVersion ? [cause(label(mode, '-version'), '"latest" or "v1.x"')] : []),
    ];
  });
}

import { createHash } from 'node:crypto';

const labelValue = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * A provider's id of a person as the value of a label. What fits stays as it is, as KubeSphere writes it; what does not
 * fit is told apart by its hash.
 */
export function uidLabel(uid: string): string {
  return labelValue.test(uid) ? uid : `sha256-${createHash('sha256').update(uid).digest('hex').slice(0, 48)}`;
}

/** A provider's name for a person as a name of ours: lower case, and of the characters that names have; may be ''. */
export function userNameFrom(username: string): string {
  const plain = username.split('@', 1)[0] ?? '';
  return plain
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
}

import { ApiError } from '@kit/base';
import { hash, verify } from '@node-rs/argon2';
import { compare } from 'bcryptjs';

const hashed = /^\$argon2id\$/;
const foreignHash = /^\$2[ayb]\$/;

/** True for what is already a hash, ours or an imported one. */
export function isHashed(password: string): boolean {
  return hashed.test(password) || foreignHash.test(password);
}

/** What an installation asks of passwords beyond what all do; see the settings of signing in. */
export interface PasswordPolicy {
  readonly minLength: number;
  readonly needsSymbol: boolean;
}

const leastPolicy: PasswordPolicy = { minLength: 8, needsSymbol: false };

/**
 * Why a password cannot be taken, as one sentence that names the rule; `undefined` when it can. Without a policy the
 * rule is KubeSphere 3.4's.
 */
export function passwordProblem(password: string, policy = leastPolicy): string | undefined {
  const { minLength, needsSymbol } = policy;
  if (password.length < minLength || password.length > 64) return `a password has ${minLength} to 64 characters`;
  if (isHashed(password)) return 'this looks like the hash of a password, not like a password';
  if (!/[a-z]/.test(password) || !/[A-Z]/.test(password) || !/[0-9]/.test(password)) {
    return 'a password has at least one lower-case letter, one upper-case letter and one digit';
  }
  if (needsSymbol && !/[^\p{L}\p{N}\s]/u.test(password))
    return 'a password has at least one sign that is neither a letter, a digit nor a space';
  return undefined;
}

/** Throws `Invalid`, naming `field` and the rule, for a password that cannot be taken. */
export function checkPassword(password: string, field: string, policy?: PasswordPolicy): void {
  const message = passwordProblem(password, policy);
  if (message)
    throw new ApiError('Invalid', message, { details: { causes: [{ field, message, reason: 'FieldValueInvalid' }] } });
}

/** argon2id with the library's defaults (19 MiB, two passes): some 20 ms, off the main thread. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

// Of no password; verified against when there is no user, so that the time taken does not tell who exists.
const decoy = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Whether the hash is one of an imported user (bcrypt), to be renewed when its password is next proved. */
export function isForeignHash(stored: string | undefined): boolean {
  return stored !== undefined && foreignHash.test(stored);
}

// A hash of a higher cost would keep the process busy for minutes: whoever may write one must not be able to.
const highestCost = 14;

/** Whether the password is the one of `stored`; without a usable hash it takes as long, and is false. */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  if (stored !== undefined && foreignHash.test(stored)) {
    return Number(stored.slice(4, 6)) <= highestCost && compare(password, stored).catch(() => false);
  }
  const usable = stored !== undefined && hashed.test(stored);
  const fits = await verify(usable ? stored : decoy, password).catch(() => false);
  return usable && fits;
}

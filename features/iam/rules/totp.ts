import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;
const digits = 6;

/** Twenty random bytes in base32, as authenticator apps take them. */
export function newTotpSecret(): string {
  return base32(randomBytes(20));
}

/** The steps whose codes are taken at a time: the one of now and its neighbours, for clocks that differ a little. */
function stepsAt(nowMs: number): number[] {
  const step = Math.floor(nowMs / stepMs);
  return [step, step - 1, step + 1];
}

/** The code of one step of 30 seconds (RFC 6238 with SHA-1 and six digits, which every app knows). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is, if it is newer than the last one used: a code overheard is a code used. */
export function totpStep(
  secret: string,
  code: string,
  { nowMs, lastStep = 0 }: { readonly nowMs: number; readonly lastStep?: number },
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const given = Buffer.from(code);
  return stepsAt(nowMs).find((step) => step > lastStep && timingSafeEqual(Buffer.from(totpCode(secret, step)), given));
}

/** The address an authenticator app reads off the square. */
export function totpUri(
  secret: string,
  { account, platform }: { readonly account: string; readonly platform: string },
): string {
  const label = `${encodeURIComponent(platform)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({ secret, issuer: platform, algorithm: 'SHA1', digits: '6', period: '30' });
  return `otpauth://totp/${label}?${query.toString()}`;
}

/** Ten codes for the day the phone is lost: 50 random bits each, in two groups that can be read aloud. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => {
    const text = base32(randomBytes(7)).slice(0, 10).toLowerCase();
    return `${text.slice(0, 5)}-${text.slice(5)}`;
  });
}

export function isRecoveryCode(code: string): boolean {
  return /^[a-z2-7]{5}-?[a-z2-7]{5}$/i.test(code.trim());
}

function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Buffer {
  const bits = [...text.toUpperCase()].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
}

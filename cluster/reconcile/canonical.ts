/** The value as JSON with sorted keys, without empty fields: equal for objects that mean the same. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}

// Letters and digits that form no words and are hard to misread, as Kubernetes uses them in generated names.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name-safe hash (FNV-1a, 32 bits) of what `value` means; `collisions` gives another one for the same value. */
export function shortHash(value: unknown, collisions = 0): string {
  const text = `${canonical(value)}${collisions > 0 ? `#${collisions}` : ''}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

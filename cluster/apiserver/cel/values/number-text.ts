/** A double as Go's `%g` writes it in its shortest form: with an exponent below 1e-4 and from 1e+21 on, or from 1e6. */
export function doubleText(value: number, exponentFrom = 6): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < exponentFrom) return plainText(value);
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** The shortest digits, never with an exponent. */
export function plainText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '', power = ''] = text.split('e');
  const negative = digits.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const exponent = Number(power);
  if (exponent < 0) return `${negative}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
  return negative + whole + fraction.padEnd(exponent, '0');
}

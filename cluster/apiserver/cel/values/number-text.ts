const largestPlain = 6;

/** A double as Go's `%g` writes it in its shortest form: with an exponent below 1e-4 and from 1e+21 on, or from 1e6. */
export function doubleText(value: number, exponentFrom: number = largestPlain): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < exponentFrom) return plainText(value);
  return `${digits}e${power.replace(/^([+-])(\d)$/, '$10$2')}`;
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

const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity such as `250m` or `1.5Gi` as a number; what is no quantity counts as 0. */
export function quantity(text: string | number | undefined): number {
  if (text === undefined || typeof text === 'number') return text ?? 0;
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(text);
  const factor = factors[match?.[2] ?? ''];
  const value = Number(match?.[1]);
  return factor === undefined || Number.isNaN(value) ? 0 : value * factor;
}

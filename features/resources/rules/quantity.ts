const factors: Readonly<Record<string, number>> = {
  n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
}; // prettier-ignore

/** The number a Kubernetes quantity stands for (`250m` is 0.25, `64Mi` is 67108864); `undefined` when it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/.exec(text.trim());
  if (!match) return undefined;
  const factor = factors[match[3] ?? ''] ?? 1;
  return Number(`${match[1]}${match[2] ?? ''}`) * factor;
}

/** CPU as people write it: `250m` below one core, `1.5` above. */
export function formatCpu(text: string): string {
  const cores = parseQuantity(text);
  if (cores === undefined) return text;
  if (cores < 1) return `${Number((cores * 1000).toFixed(cores < 0.01 ? 2 : 0))}m`;
  return String(Number(cores.toFixed(2)));
}

/** Bytes with a binary unit and three significant digits: `64 MiB`, `1.5 GiB`. */
export function formatBytes(text: string): string {
  const bytes = parseQuantity(text);
  if (bytes === undefined) return text;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${Number((bytes / 2 ** (10 * step)).toPrecision(3))} ${units[step] ?? ''}`;
}

/** A request or limit by the manner of its resource. */
export function formatResource(resource: string, text: string): string {
  if (resource === 'cpu' || resource.endsWith('.cpu')) return formatCpu(text);
  if (/memory|storage|hugepages/.test(resource)) return formatBytes(text);
  return text;
}

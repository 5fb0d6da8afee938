const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Thousandths of a core as Kubernetes writes them: `250m`, `2`. */
export function cpuText(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Bytes as Kubernetes writes them: with the largest binary unit that leaves no fraction. */
export function memoryText(bytes: number): string {
  let [left, unit] = [bytes, 0];
  while (left !== 0 && left % 1024 === 0 && unit < binary.length - 1) [left, unit] = [left / 1024, unit + 1];
  return `${left}${binary[unit] ?? ''}`;
}

/** How much of the whole that is, in whole per cent; 0 % of nothing. */
export function shareText(part: number, whole: number): string {
  return `${whole > 0 ? Math.trunc((part / whole) * 100) : 0}%`;
}

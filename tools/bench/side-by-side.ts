import { durabilityFigure } from './durability.ts';
import { startEmbedded, startReal, whyNoReal, type Peer } from './peers.ts';
import type { Figure } from './report.ts';
import { serverLoad, type Line } from './server-load.ts';

const pods = 10_000;

function shown(line: Line): string {
  const { value, unit } = line;
  const digits = unit === 'ms' && value < 100 ? 1 : 0;
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${unit === '/s' ? `${number}/s` : `${number} ${unit}`}${cpu(line)}`;
}

const cpu = ({ cpuMs }: Line): string =>
  cpuMs === undefined ? '' : `, CPU ${cpuMs < 0.1 ? `${(cpuMs * 1000).toFixed(0)} µs` : `${cpuMs.toFixed(2)} ms`}`;

/** How many times as good `ours` is. */
function lead(ours: Line, theirs: Line): string {
  const times = ours.unit === '/s' ? ours.value / theirs.value : theirs.value / ours.value;
  return `${times.toFixed(times < 10 ? 1 : 0)} x`;
}

/** The embedded API server and a real one with its etcd under the same load, one after the other on this machine. */
export async function sideBySideFigures(): Promise<Figure[]> {
  const why = whyNoReal();
  if (why) process.stdout.write(`SKIPPED the real API server: ${why}\n\n`);
  const durability: Figure[] = [];
  const ours = await underLoad(
    () => startEmbedded('alone'),
    async (peer) => void durability.push(await durabilityFigure(peer)),
  );
  const theirs = why ? [] : await underLoad(() => Promise.resolve(startReal()));
  const lines = ours.map((line, index): Figure => {
    const other = theirs[index];
    const peer = other && `kube-apiserver + etcd: ${shown(other)} (${lead(line, other)})`;
    return { what: line.what, value: shown(line), ...(peer && { peer }) };
  });
  return [...durability, ...lines];
}

async function underLoad(start: () => Promise<Peer>, after?: (peer: Peer) => Promise<void>): Promise<Line[]> {
  const peer = await start();
  try {
    const lines = await serverLoad(peer, pods);
    await after?.(peer);
    return lines;
  } finally {
    await peer.stop();
  }
}

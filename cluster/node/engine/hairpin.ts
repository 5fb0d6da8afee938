import { readdir, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

/**
 * Lets a pod reach itself through a service: a bridge sends nothing back to where it came from unless it is told to.
 * `gateway` is the machine's address on the bridge.
 */
export async function allowHairpin(gateway: string): Promise<void> {
  const found = Object.entries(networkInterfaces()).find(([, all]) => all?.some(({ address }) => address === gateway));
  if (!found) return;
  const ports = `/sys/class/net/${found[0]}/brif`;
  for (const port of await readdir(ports).catch(() => []))
    await writeFile(`${ports}/${port}/hairpin_mode`, '1').catch(() => undefined); // the port may be gone by now
}

// Writes objects for ever and says on standard output what has been acknowledged, until it is killed.
import { writeSync } from 'node:fs';
import { Storage } from '../storage.ts';

const [path = '', writers = '8'] = process.argv.slice(2);
const storage = await Storage.open({ path, history: { maxEvents: 100, maxBytes: 1 << 20 } });
writeSync(1, `open ${storage.revision}\n`);

async function write(writer: number): Promise<void> {
  const key = { resource: '/configmaps', namespace: 'default', name: `w${writer}` };
  for (let count = Number(storage.get(key)?.object().count ?? 0) + 1; ; count++) {
    const version = await storage.put(key, storage.newest(key), (revision) =>
      JSON.stringify({ metadata: { name: key.name, resourceVersion: String(revision) }, count }),
    );
    writeSync(1, `${key.name} ${version.revision} ${count}\n`);
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));

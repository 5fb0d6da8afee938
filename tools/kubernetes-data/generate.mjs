// Writes cluster/data from facts read off a kube-apiserver and its Go types. See cluster/data/README.md.
// usage: node tools/kubernetes-data/generate.mjs FACTS-FOLDER GO-TYPES.json
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';

const [, , facts, goTypesFile] = process.argv;
if (!facts || !goTypesFile) throw new Error('usage: node generate.mjs FACTS-FOLDER GO-TYPES.json');

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const write = (name, value) => writeFileSync(join(root, 'cluster/data', name), `${JSON.stringify(value)}\n`);
const fact = (name) => read(join(facts, name));

const schemas = fact('schemas.json');
write('schemas.json', schemas);
write('discovery.json', fact('discovery.json'));
write('columns.json', fact('columns.json'));
write('bootstrap.json', fact('bootstrap.json'));

/** Only what the schemas have; `type,flags,embedded structs` for each field, without what is empty at the end. */
function goFields(types) {
  const result = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const fields = types[name];
    if (!fields || !schema.properties) continue;
    const entries = Object.keys(schema.properties).filter((field) => fields[field]);
    result[name] = Object.fromEntries(entries.map((field) => [field, fields[field].join(',').replace(/,+$/, '')]));
  }
  return result;
}
write('go-types.json', goFields(read(goTypesFile)));

/** Messages that a request body of a served kind can hold. */
function reachableMessages(messages) {
  const full = (owner, type) =>
    type.startsWith('.') ? type.slice(1) : `${owner.slice(0, owner.lastIndexOf('.'))}.${type}`;
  const kept = {};
  const visit = (name) => {
    if (kept[name] || !messages[name]) return;
    kept[name] = messages[name];
    for (const [, , type] of Object.values(messages[name])) {
      const element = /^map<[^,]+,(.+)>$/.exec(type)?.[1] ?? type;
      visit(full(name, element));
    }
  };
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema['x-kubernetes-group-version-kind']) visit(name.replace(/^io\.k8s\./, 'k8s.io.').replaceAll('-', '_'));
  }
  visit('k8s.io.apimachinery.pkg.runtime.Unknown');
  return kept;
}
write('protobuf.json', reachableMessages(fact('protobuf.json')));

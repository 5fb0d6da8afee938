import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../../..');
const styles = join(root, 'node_modules/@mantine/core/styles');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx') && !name.includes('node_modules'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

function usedComponents(): Set<string> {
  const consoles = readdirSync(join(root, 'features')).flatMap((feature) => {
    const hasConsole = readdirSync(join(root, 'features', feature)).includes('console');
    return hasConsole ? [`features/${feature}/console`] : [];
  });
  const imports = ['kit/ui/src', 'apps/console/src', ...consoles]
    .flatMap(sources)
    .flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].map((match) => match[1] ?? ''));
  return new Set(
    imports.flatMap((list) => list.split(',').map((name) => name.trim())).filter((name) => /^[A-Z]\w+$/.test(name)),
  );
}

test('every Mantine component that is used has its styles', () => {
  const available = new Set(readdirSync(styles));
  const imported = readFileSync(join(root, 'kit/ui/src/mantine.css'), 'utf8');
  const missing = [...usedComponents()].filter(
    (name) => available.has(`${name}.layer.css`) && !imported.includes(`/${name}.layer.css`),
  );
  expect(missing).toEqual([]);
});

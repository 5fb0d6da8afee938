import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../root.mjs';
import { arrowProblems, cycleProblems } from './arrows.ts';
import { allFiles, allSources, manifests, type Manifest, type SourceFile } from './sources.ts';

const files = allFiles();
const sources = allSources();
const packages = manifests();

describe('the tree', () => {
  it('is read as a whole: a check over nothing would pass', () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(packages.length).toBeGreaterThan(12);
  });

  it('has arrows that point one way: apps -> features -> kit', () => {
    expect(arrowProblems(sources, packages)).toEqual([]);
  });

  it('has no cycle among packages, nor among files at run time', () => {
    expect(cycleProblems(sources, packages)).toEqual([]);
  });

  it('names files in kebab-case and after one idea', () => {
    const wrong = sources.filter(({ path }) => {
      const name = basename(path).replace(/(\.test|\.bench|\.config|\.gen|\.journey|\.d)?\.(ts|tsx|js|mjs)$/, '');
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|misc|managers?)$/.test(name);
    });
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('keeps each test beside the file or folder it is named after, or in a folder `test`', () => {
    const alone = sources
      .map((file) => file.path)
      .filter((path) => /\.test\.tsx?$/.test(path) && !/(^e2e|\/test|\/testing|^tools)\//.test(path))
      .filter((path) => {
        const subject = path.replace(/\.test\.tsx?$/, '');
        const named = ['', '.ts', '.tsx', '.js'].some((end) => existsSync(join(root, subject + end)));
        return !named && basename(dirname(path)) !== basename(subject);
      });
    expect(alone).toEqual([]);
  });

  it('registers every feature in the apps that run it', () => {
    const doors = {
      server: 'apps/server/src/features.ts',
      controller: 'apps/controllers/src/features.ts',
      console: 'apps/console/src/features.ts',
    };
    const missing = packages
      .filter((manifest) => manifest.folder.startsWith('features/'))
      .flatMap((feature) =>
        Object.entries(doors)
          .filter(([door]) => existsSync(join(root, feature.folder, door)))
          .filter(([door, list]) => !readFileSync(join(root, list), 'utf8').includes(`${feature.name}/${door}`))
          .map(([door, list]) => `${list} lacks ${feature.name}/${door}`),
      );
    expect(missing).toEqual([]);
  });

  it('gives every package a README', () => {
    const missing = packages.filter((manifest) => !existsSync(join(root, manifest.folder, 'README.md')));
    expect(missing.map((manifest) => manifest.folder)).toEqual([]);
  });

  it('names no registry host and no path of one machine', () => {
    const host = /https?:\/\/[^\s"')]*(registry|artifactory|nexus|proxy|mirror)[^\s"')]*\//i;
    const text = files.filter(
      (path) => /\.(json|ts|tsx|mjs|js|sh|md|yaml|yml)$/.test(path) && !/^(cluster\/data|samples)\//.test(path),
    );
    const wrong = text.filter((path) => {
      const content = readFileSync(join(root, path), 'utf8');
      return /(^|[\s"'(])\/(work|root)\//m.test(content) || (path === 'package-lock.json' && host.test(content));
    });
    expect(wrong).toEqual([]);
  });

  it('links only to files that exist', () => {
    const broken = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
          .map((match) => match[1] ?? '')
          .filter((target) => !existsSync(join(root, dirname(path), target)))
          .map((target) => `${path} -> ${target}`),
      );
    expect(broken).toEqual([]);
  });
});

describe('the arrow check itself', () => {
  const manifest = (name: string, folder: string, dependencies: string[] = []): Manifest => ({
    name,
    folder,
    exports: {},
    dependencies,
    devDependencies: [],
  });
  const file = (path: string, specifier: string, typeOnly = false): SourceFile => ({
    path,
    text: '',
    imports: [{ specifier, typeOnly, dynamic: false }],
  });
  const tree = [
    manifest('@kit/a', 'kit/a', ['@feature/x']),
    manifest('@feature/x', 'features/x', ['@feature/y', '@kit/a']),
    manifest('@feature/y', 'features/y'),
  ];

  it.each([
    { from: 'kit/a/src/a.ts', to: '@feature/x/contract', why: 'kit must not know a feature' },
    { from: 'features/x/server/a.ts', to: '@feature/y/server', why: 'only a contract is open' },
    { from: 'features/x/server/a.ts', to: 'left-pad', why: 'an unlisted package' },
    { from: 'features/x/server/a.ts', to: '../../y/server/b.ts', why: 'a path that leaves the package' },
  ])('finds $from -> $to: $why', ({ from, to }) => {
    expect(arrowProblems([file(from, to)], tree)).toHaveLength(1);
  });

  it('allows a feature the contract of another one', () => {
    expect(arrowProblems([file('features/x/server/a.ts', '@feature/y/contract')], tree)).toEqual([]);
  });

  it('finds cycles that exist at run time, not those of types', () => {
    const ring = (typeOnly: boolean): SourceFile[] => [
      file('kit/a/src/a.ts', './b.ts'),
      file('kit/a/src/b.ts', './a.ts', typeOnly),
    ];
    expect(cycleProblems(ring(false), [])).not.toEqual([]);
    expect(cycleProblems(ring(true), [])).toEqual([]);
  });
});

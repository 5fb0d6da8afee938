import type { Manifest, SourceFile } from './sources.ts';
import { resolveRelative } from './sources.ts';

/** Tests, and what only tools run. */
const isTest = (path: string): boolean =>
  /\.test\.tsx?$|\/(testing|test|bench)\/|^e2e\/|^tools\/|\/vite\.config\.ts$/.test(path);
const groupOf = (name: string): string => name.slice(1, name.indexOf('/'));

/** What a package of each group may depend on. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  kit: ['kit'],
  feature: ['kit', 'feature'],
  cluster: ['kit'],
  app: ['kit', 'feature'],
};

/** Exceptions, each with its reason. */
const exceptions: readonly { from: string; to: string; why: string }[] = [
  { from: '@app/single', to: '@app/server', why: 'single is the same server in one process' },
  { from: '@app/single', to: '@app/controllers', why: 'single is the same controllers in one process' },
  { from: '@app/single', to: '@cluster/embedded', why: 'single brings the embedded Kubernetes' },
  { from: '@kit/testing', to: '@app/single', why: 'tests start the whole platform' },
  { from: '@kit/testing', to: '@cluster/embedded', why: 'tests start an embedded cluster alone' },
];

const packageOf = (specifier: string): string => {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
};

function wrongArrow(from: string, to: string): boolean {
  if (exceptions.some((e) => e.from === from && e.to === to)) return false;
  if (groupOf(from) === 'cluster') return to !== '@kit/base' && to !== '@kit/store';
  return !(allowed[groupOf(from)] ?? []).includes(groupOf(to));
}

const isOurs = (target: string): boolean => /^@(app|feature|kit|cluster)\//.test(target);

function isListed(file: SourceFile, owner: Manifest, target: string): boolean {
  if (owner.dependencies.includes(target)) return true;
  return isTest(file.path) && (owner.devDependencies.includes(target) || !isOurs(target));
}

/** What only the contract of another feature may be imported for. */
function entersFeature(owner: string, target: string, specifier: string): boolean {
  return groupOf(owner) === 'feature' && groupOf(target) === 'feature' && specifier !== `${target}/contract`;
}

function importProblems(file: SourceFile, owner: Manifest, specifier: string): string[] {
  const target = packageOf(specifier);
  if (specifier.startsWith('node:') || target === owner.name) return [];
  const problems: string[] = [];
  if (!isListed(file, owner, target)) problems.push(`imports ${target}, which its package.json does not list`);
  if (!isOurs(target) || isTest(file.path)) return problems;
  if (wrongArrow(owner.name, target)) problems.push(`imports ${target}: arrows point apps -> features -> kit`);
  if (entersFeature(owner.name, target, specifier)) {
    problems.push(`imports ${specifier}: only the contract of another feature is open`);
  }
  return problems;
}

/** Every import that points the wrong way, leaves its package or is not listed; empty when the tree is in order. */
export function arrowProblems(sources: readonly SourceFile[], packages: readonly Manifest[]): string[] {
  const problems: string[] = [];
  for (const file of sources) {
    const owner = packages.find((candidate) => file.path.startsWith(`${candidate.folder}/`));
    if (!owner) continue;
    for (const { specifier } of file.imports) {
      if (!specifier.startsWith('.')) {
        problems.push(...importProblems(file, owner, specifier).map((problem) => `${file.path} ${problem}`));
      } else if (!resolveRelative(file.path, specifier).startsWith(`${owner.folder}/`)) {
        problems.push(`${file.path} leaves its package by ${specifier}`);
      }
    }
  }
  return problems;
}

function cycleFrom<T>(start: T, next: (node: T) => readonly T[]): T[] | undefined {
  const path: T[] = [];
  const done = new Set<T>();
  const visit = (node: T): T[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const child of next(node)) {
      const found = visit(child);
      if (found) return found;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  return visit(start);
}

/** Cycles among packages (by `dependencies`) and among files (by imports that exist at run time). */
export function cycleProblems(sources: readonly SourceFile[], packages: readonly Manifest[]): string[] {
  const byName = new Map(packages.map((manifest) => [manifest.name, manifest.dependencies]));
  const byPath = new Map(
    sources.map((file) => [
      file.path,
      file.imports
        .filter((i) => i.specifier.startsWith('.') && !i.typeOnly && !i.dynamic)
        .map((i) => resolveRelative(file.path, i.specifier)),
    ]),
  );
  const problems = new Set<string>();
  for (const graph of [byName, byPath]) {
    for (const start of graph.keys()) {
      const cycle = cycleFrom(start, (node) => graph.get(node) ?? []);
      if (cycle) problems.add(`cycle: ${cycle.join(' -> ')}`);
    }
  }
  return [...problems];
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { root } from '../root.mjs';

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly SourceImport[];
}

export interface SourceImport {
  readonly specifier: string;
  /** True when the import is erased before the program runs. */
  readonly typeOnly: boolean;
  /** True for `import('...')`, which is loaded later and so closes no cycle. */
  readonly dynamic: boolean;
}

const skipped = new Set(['node_modules', 'dist', 'data', '.git', 'coverage', '.cache']);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name) && !(entry.name === 'data' && folder.endsWith('cluster'))) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield relative(root, path);
  }
}

/** Every file of the repository that is kept in it, sorted. */
export function allFiles(): string[] {
  return [...walk(root)].sort();
}

function statementImport(node: ts.ImportDeclaration | ts.ExportDeclaration): SourceImport | undefined {
  if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) return undefined;
  const typeOnly = ts.isImportDeclaration(node)
    ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : node.isTypeOnly;
  return { specifier: node.moduleSpecifier.text, typeOnly, dynamic: false };
}

function dynamicImport(node: ts.CallExpression): SourceImport | undefined {
  const [argument] = node.arguments;
  if (node.expression.kind !== ts.SyntaxKind.ImportKeyword || !argument) return undefined;
  return ts.isStringLiteral(argument) ? { specifier: argument.text, typeOnly: false, dynamic: true } : undefined;
}

function importOf(node: ts.Node): SourceImport | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return statementImport(node);
  return ts.isCallExpression(node) ? dynamicImport(node) : undefined;
}

function importsOf(path: string, text: string): SourceImport[] {
  const found: SourceImport[] = [];
  const visit = (node: ts.Node): void => {
    const one = importOf(node);
    if (one) found.push(one);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false));
  return found;
}

/** Our TypeScript and JavaScript sources with what each imports. */
export function allSources(): SourceFile[] {
  return allFiles()
    .filter((path) => /^(apps|features|kit|cluster|e2e|tools)\/.*\.(ts|tsx|js|mjs)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

export interface Manifest {
  readonly folder: string;
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

interface PackageJson {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  const json = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as PackageJson; // npm has read it before us
  const { name, exports = {}, dependencies = {}, devDependencies = {} } = json;
  return {
    folder,
    name,
    exports,
    dependencies: Object.keys(dependencies),
    devDependencies: Object.keys(devDependencies),
  };
}

/** The package.json of every workspace. */
export function manifests(): Manifest[] {
  const folders = ['apps', 'features', 'kit'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}`),
  );
  return [...folders, 'cluster'].filter((folder) => statSync(join(root, folder)).isDirectory()).map(manifestOf);
}

/** The file that a relative import of `from` names, as a path from the root. */
export function resolveRelative(from: string, specifier: string): string {
  return relative(root, resolve(root, dirname(from), specifier));
}

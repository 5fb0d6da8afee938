import { placePath, type ProjectPlace } from './place.ts';

declare const checked: unique symbol;

/** A path inside the console. Only `to` makes one, so a link cannot be glued from strings. */
export type Href = string & { readonly [checked]: true };

/** The names behind the `$` of a path: `deployments/$name` has `name`. */
export type PathParams<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? PathParams<Head> | PathParams<Rest>
  : Path extends `$${infer Name}`
    ? Name
    : never;

type Params<Path extends string> = [PathParams<Path>] extends [never]
  ? [search?: Search]
  : [params: Readonly<Record<PathParams<Path>, string>>, search?: Search];

type Search = Readonly<Record<string, string>>;

function fill(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\$(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function href(base: string, path: string, rest: readonly (Readonly<Record<string, string>> | undefined)[]): Href {
  const hasParams = path.includes('$');
  const filled = fill(path, (hasParams ? rest[0] : undefined) ?? {});
  const search = new URLSearchParams(hasParams ? rest[1] : rest[0]).toString();
  const whole = [base === '/' ? '' : base, filled].filter(Boolean).join('/') || '/';
  return `${whole.startsWith('/') ? '' : '/'}${whole}${search ? `?${search}` : ''}` as Href; // the only place that makes one
}

/** Links to pages by place and path; the parameters a path names are demanded by type. */
export const to = {
  platform<Path extends string>(path: Path, ...rest: Params<Path>): Href {
    return href('/', path, rest);
  },
  workspace<Path extends string>(workspace: string, path: Path, ...rest: Params<Path>): Href {
    return href(fill(placePath.workspace, { workspace }), path, rest);
  },
  project<Path extends string>(at: ProjectPlace, path: Path, ...rest: Params<Path>): Href {
    return href(fill(placePath.project, { ...at }), path, rest);
  },
};

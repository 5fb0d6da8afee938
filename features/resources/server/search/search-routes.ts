import { labels } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import { defineRoute, type Route } from '@kit/http';
import { apiVersionOf, kinds } from '@kit/kube';
import { Type } from 'typebox';
import { hasStatus, searchAnswer, type SearchAnswer } from '../../contract/index.ts';
import { rowStatus } from '../lists/kind-filters.ts';
import type { ListedKind } from '../lists/listed-kind.ts';
import { listedKinds } from '../lists/listed-kinds.ts';
import type { ResourcesParts } from '../parts.ts';
import { matchesOf } from './score.ts';
import type { Hit } from './search-index.ts';
import { searchedKinds } from './searched-kinds.ts';

const maxWords = 8;
const maxKinds = 30;

function wordsIn(text: string): string[] {
  const words = [
    ...new Set(
      text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== ''),
    ),
  ];
  if (words.length === 0) throw new ApiError('BadRequest', 'q: say what to search for');
  if (words.length > maxWords) throw new ApiError('BadRequest', `q: at most ${maxWords} words`);
  const short = words.find((word) => word.length < 2);
  if (short !== undefined)
    throw new ApiError('BadRequest', `q: "${short}" is too short; words have two letters or more`);
  return words;
}

async function kindsOf(parts: ResourcesParts, names: string | undefined): Promise<ListedKind[]> {
  if (!names) return searchedKinds.flatMap((plural) => listedKinds.get(plural) ?? []);
  const wanted = [...new Set(names.split(','))];
  if (wanted.length > maxKinds) throw new ApiError('BadRequest', `kinds: at most ${maxKinds}`);
  const found = await Promise.all(wanted.map((name) => parts.finder.find(name.trim(), undefined)));
  return found.filter((kind) => kind !== undefined);
}

function shown(
  { views }: ResourcesParts,
  { kind, row, score }: Hit,
  words: readonly string[],
): SearchAnswer['items'][number] {
  const { plural } = kind.type;
  const place = plural === 'namespaces' ? row : views.of(kinds.namespaces).get('', row.namespace);
  const workspace = place?.labels[labels.workspace];
  return {
    kind: kind.type.kind,
    apiVersion: apiVersionOf(kind.type),
    resource: plural,
    name: row.name,
    ...(row.namespace === '' ? {} : { namespace: row.namespace }),
    ...(workspace ? { workspace } : {}),
    ...(hasStatus(plural) ? rowStatus(plural, row) : {}),
    createdAt: new Date(row.createdMs).toISOString(),
    score,
    matches: matchesOf(row, words),
  };
}

/** One search over everything the caller may list. */
export function searchRoutes(parts: ResourcesParts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/kapis/resources.freehold.io/v1alpha1/search',
      scope: 'platform',
      permission: { by: 'signedIn', why: 'finds only objects of kinds and in places that the caller may list' },
      summary: 'Search names, labels, images and annotations of all objects that the caller may list',
      tag: 'Resources',
      query: Type.Object({
        q: Type.String({ maxLength: 200, description: 'words, all of which must be there' }),
        kinds: Type.Optional(
          Type.String({ description: 'plural names joined by commas; also those of custom resources' }),
        ),
        namespace: Type.Optional(Type.String()),
        workspace: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1 })),
      }),
      responses: { 200: searchAnswer },
      handle: async ({ user, query }): Promise<SearchAnswer> => {
        const { q, kinds: names, namespace, workspace, limit = 20, page = 1 } = query;
        const words = wordsIn(q);
        const found = await parts.search.find({
          user,
          words,
          kinds: await kindsOf(parts, names),
          namespace,
          workspace,
          offset: (page - 1) * limit,
          limit,
        });
        const { hits, totalItems, byKind: counts, missing } = found;
        return { items: hits.map((hit) => shown(parts, hit, words)), totalItems, counts, missing: [...missing] };
      },
    }),
  ];
}

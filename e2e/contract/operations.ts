import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** One published operation of KubeSphere 3.4: its path below the group, what it takes, what it answers. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly answer: string;
}

/** What the tests look at of any object. */
export interface Named {
  metadata: { name: string; resourceVersion?: string; annotations?: Record<string, string> };
}

/** The operations of a file of this folder, each with a title. */
export function operationsOf(file: string): (Operation & { readonly title: string })[] {
  const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
  const operations = JSON.parse(text) as Operation[]; // data of this folder
  return operations.map((operation) => ({ ...operation, title: `${operation.method} ${operation.path}` }));
}

/** The parameter that a path ends with: the operation is about one object. */
export const nameIn = (path: string): string | undefined => /\{(\w+)\}$/.exec(path)?.[1];

/** A Kubernetes Status with a sentence, and nothing else. */
export function expectStatus(answer: { status: number; body: unknown }, code: number): void {
  expect([answer.status, answer.body]).toEqual([
    code,
    expect.objectContaining({
      kind: 'Status',
      status: 'Failure',
      code,
      message: expect.stringMatching(/\S+ \S+/) as string,
    }),
  ]);
}

export const isList = (body: unknown): void =>
  expect(body).toMatchObject({
    items: expect.any(Array) as unknown[],
    totalItems: expect.any(Number) as number,
  });

export const isObject = (body: unknown): void => {
  const one = Array.isArray(body) ? (body[0] as unknown) : body;
  expect(one).toMatchObject({ metadata: { name: expect.any(String) as string } });
};

type Get = (path: string) => Promise<{ status: number; body: unknown }>;

/** What the table of KubeSphere's API says of every list: filters, order, pages, and the total before paging. */
export async function expectListSemantics(get: Get, path: string): Promise<void> {
  const list = async (query: string): Promise<{ names: string[]; totalItems: number }> => {
    const { status, body } = await get(`${path}?${query}`);
    expect(status).toBe(200);
    const { items, totalItems } = body as { items: Named[]; totalItems: number }; // checked by the shape before
    return { names: items.map(({ metadata }) => metadata.name), totalItems };
  };
  const all = await list('sortBy=name&ascending=true');
  expect(all.totalItems).toBe(all.names.length);
  expect(all.names).toEqual(all.names.toSorted());
  expect((await list('sortBy=name')).names).toEqual(all.names.toReversed());
  expect(await list('sortBy=name&ascending=true&limit=1&page=1')).toEqual({
    names: all.names.slice(0, 1),
    totalItems: all.totalItems,
  });
  expect(await list('limit=5&page=900')).toEqual({ names: [], totalItems: all.totalItems });
  expect(await list('name=no-such-name')).toEqual({ names: [], totalItems: 0 });
  const [first = ''] = all.names;
  expect((await list(`names=${first},no-such-name`)).names).toEqual(first ? [first] : []);
  expectStatus(await get(`${path}?nonsense=1`), 400);
}

import { ApiError } from '@kit/base';
import type { FastifyInstance } from 'fastify';
import { parseDocument } from 'yaml';

// YAML is read as 1.1, like kubectl does; more aliases than this is an attack, not a manifest.
const maxAliases = 100;

/** JSON, YAML and urlencoded bodies; anything else is `UnsupportedMediaType`. Every parser answers in plain values. */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const json = ['application/json', 'application/merge-patch+json', 'application/json-patch+json'];
  app.addContentTypeParser(json, { parseAs: 'string' }, (_request, text, done) => {
    settle(() => parseJson(String(text)), done);
  });
  app.addContentTypeParser(
    ['application/yaml', 'application/x-yaml', 'text/yaml'],
    { parseAs: 'string' },
    (_request, text, done) => {
      settle(() => parseYaml(String(text)), done);
    },
  );
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => {
    settle(() => Object.fromEntries(new URLSearchParams(String(text))), done);
  });
}

function settle(parse: () => unknown, done: (error: Error | null, body?: unknown) => void): void {
  try {
    done(null, parse());
  } catch (error) {
    done(error as Error); // parsers throw errors only
  }
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return withoutPrototype(JSON.parse(text));
  } catch (cause) {
    throw new ApiError('BadRequest', `the body is not JSON: ${messageOf(cause)}`, { cause });
  }
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text, { version: '1.1' });
  const problem = document.errors[0];
  if (problem) throw new ApiError('BadRequest', `the body is not YAML: ${problem.message.split('\n', 1)[0] ?? ''}`);
  try {
    return withoutPrototype(document.toJS({ maxAliasCount: maxAliases }));
  } catch (cause) {
    throw new ApiError('BadRequest', `the body is not YAML: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A body that tries to set an object's prototype is refused: no caller means it. */
function withoutPrototype(value: unknown): unknown {
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) throw new ApiError('BadRequest', 'the body has a field "__proto__"');
    for (const child of Object.values(next)) if (child !== undefined && child !== null) waiting.push(child);
  }
  return value;
}

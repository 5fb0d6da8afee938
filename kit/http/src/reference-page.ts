import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import type { OpenApiDocument, Operation } from './openapi.ts';
import { JsonBytes, Reply, defineRoute } from './route.ts';
import type { Route } from './route.ts';
import { pagePolicy } from './security-headers.ts';

/** The document and the page made from it, as routes: `/kapis/openapi.json` and `/docs/api`. */
export function referencePage(document: OpenApiDocument): { readonly routes: readonly Route[] } {
  const json = new JsonBytes(Buffer.from(JSON.stringify(document)));
  const body = pageOf(document);
  const open = { by: 'open', why: 'the reference says only what the published source says' } as const;
  return {
    routes: [
      defineRoute({
        method: 'GET',
        path: '/kapis/openapi.json',
        scope: 'none',
        permission: open,
        summary: 'This API as an OpenAPI 3.1 document.',
        tag: 'Reference',
        responses: { 200: Type.Object({}) },
        handle: () => json,
      }),
      defineRoute({
        method: 'GET',
        path: '/docs/api',
        scope: 'none',
        permission: open,
        summary: 'This API as a page to read.',
        tag: 'Reference',
        responses: { 200: Type.String() },
        handle: () => {
          const nonce = randomBytes(16).toString('base64');
          const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy(nonce) };
          return new Reply(200, body.replaceAll('__CSP_NONCE__', nonce), headers);
        },
      }),
    ],
  };
}

function pageOf(document: OpenApiDocument): string {
  const byTag = new Map<string, Entry[]>();
  for (const entry of operationsOf(document)) {
    const tag = entry.operation.tags[0] ?? 'Other';
    byTag.set(tag, [...(byTag.get(tag) ?? []), entry]);
  }
  const sections = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, entries]) => sectionOf(tag, entries));
  const links = [...byTag.keys()].sort().map((tag) => `<li><a href="#${anchor(tag)}">${escape(tag)}</a></li>`);
  const mounts = document['x-mounts'].map(
    ({ prefix, summary }) => `<li><code>${escape(prefix)}</code> ${escape(summary)}</li>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(document.info.title)}</title><style nonce="__CSP_NONCE__">${style}</style></head><body>
<nav aria-label="Sections"><ul>${links.join('')}<li><a href="#streams">Streams</a></li></ul></nav><main>
<h1>${escape(document.info.title)} <small>${escape(document.info.version)}</small></h1>
<p>${escape(document.info.description ?? '')} The same as a document: <a href="/kapis/openapi.json">/kapis/openapi.json</a>.</p>
${sections.join('\n')}<h2 id="streams">Streams</h2><ul>${mounts.join('')}</ul></main></body></html>`;
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function operationsOf(document: OpenApiDocument): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function sectionOf(tag: string, entries: readonly Entry[]): string {
  const items = entries.map(
    ({ method, path, operation }) => `<details><summary><b>${method}</b> <code>${escape(path)}</code>
<span>${escape(operation.summary)}</span></summary><p>${escape(operation.description)}</p>
${block('Parameters', operation.parameters)}${block('Body', operation.requestBody)}${block('Responses', operation.responses)}</details>`,
  );
  return `<h2 id="${anchor(tag)}">${escape(tag)}</h2>${items.join('')}`;
}

function block(title: string, value: unknown): string {
  return value === undefined ? '' : `<h3>${title}</h3><pre>${escape(JSON.stringify(value, null, 2))}</pre>`;
}

function anchor(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:14rem 1fr}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem}nav ul{list-style:none;padding:0}main{padding:1rem 2rem;max-width:70rem}
summary{cursor:pointer;padding:.3rem 0}summary b{display:inline-block;min-width:4.5rem}summary span{opacity:.75;margin-left:.5rem}
pre{overflow:auto;padding:.75rem;border:1px solid #8884;border-radius:6px;font-size:13px}
@media(max-width:700px){body{display:block}nav{position:static;height:auto}}`;

import { createHash } from 'node:crypto';
import type { KindRegistry } from '../store/kind-registry.ts';
import { sendText, sendTyped } from './respond.ts';
import type { Exchange } from './respond.ts';

/** The OpenAPI documents of all kinds, made when first asked for and anew when the kinds have changed. */
export class OpenApiDocuments {
  readonly #kinds: KindRegistry;

  constructor(kinds: KindRegistry) {
    this.#kinds = kinds;
  }

  serveV2(exchange: Exchange): Promise<void> {
    return sendTyped(exchange, 'application/json', { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths: {}, definitions: {} });
  }

  serveV3Index(exchange: Exchange): Promise<void> {
    const paths = Object.fromEntries(
      this.#kinds.groups().flatMap(({ group, versions }) =>
        versions.map((version) => {
          const name = group ? `apis/${group}/${version}` : `api/${version}`;
          const hash = createHash('sha256').update(`${name} ${this.#kinds.revision}`).digest('hex').toUpperCase();
          return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }];
        }),
      ),
    );
    return sendTyped(exchange, 'application/json', { paths });
  }

  serveV3(exchange: Exchange, _name: string): Promise<void> {
    return sendText(exchange, 404, '404 page not found\n');
  }
}

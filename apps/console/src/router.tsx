import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type AnyRouter } from '@tanstack/react-router';
import { api, placePath, type ConsolePage } from '@kit/ui';
import { features } from './features.ts';
import { AppShell } from './shell/app-shell.tsx';
import { CrashedPage, PendingPage, UnknownPage } from './shell/dead-ends.tsx';

/** `/workspaces/$workspace` and `members` -> `/workspaces/$workspace/members` */
export function routePath({ place, path }: Pick<ConsolePage, 'place' | 'path'>): string {
  const base = placePath[place] === '/' ? '' : placePath[place];
  return path === '' ? base || '/' : `${base}/${path}`;
}

function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
}

/**
 * Loads a page's code. When that fails the router loads the whole document anew, to get the code of a new version; where
 * the server does not answer either, that would put the browser's own error page in place of all that is open.
 */
async function loadPage(load: ConsolePage['load']): ReturnType<ConsolePage['load']> {
  try {
    return await load();
  } catch (cause) {
    await api.get('/session');
    throw cause;
  }
}

/** The route tree: every page of every feature below the shell. */
export function createConsoleRouter(): AnyRouter {
  const root = createRootRoute({ component: AppShell, notFoundComponent: UnknownPage });
  const routes = features.flatMap(({ pages }) =>
    pages.map((page) =>
      createRoute({
        getParentRoute: () => root,
        path: routePath(page),
        component: lazyRouteComponent(() => loadPage(page.load)),
      }),
    ),
  );
  return createRouter({
    routeTree: root.addChildren(routes),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: PendingPage,
    defaultPendingMs: 150,
    defaultErrorComponent: CrashedPage,
    defaultNotFoundComponent: UnknownPage,
    scrollRestoration: true,
    scrollToTopSelectors: ['#content'],
  });
}

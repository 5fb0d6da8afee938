import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type AnyRouter } from '@tanstack/react-router';
import { placePath, type ConsolePage } from '@kit/ui';
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

/** The route tree: every page of every feature below the shell. */
export function createConsoleRouter(): AnyRouter {
  const root = createRootRoute({ component: AppShell, notFoundComponent: UnknownPage });
  const routes = features.flatMap(({ pages }) =>
    pages.map((page) =>
      createRoute({ getParentRoute: () => root, path: routePath(page), component: lazyRouteComponent(page.load) }),
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

import type { ReactNode } from 'react';
import { Link as RouterLink } from '@tanstack/react-router';
import type { Href } from './href.ts';

/** `/a/b?c=d` as the router takes it. */
export function splitHref(href: Href): { to: string; search: Record<string, string> } {
  const [path = '/', query = ''] = href.split('?');
  return { to: path, search: Object.fromEntries(new URLSearchParams(query)) };
}

interface LinkProps {
  readonly href: Href;
  readonly children: ReactNode;
  readonly className?: string;
  readonly onClick?: () => void;
  readonly 'aria-label'?: string;
  readonly 'aria-current'?: 'page';
  readonly tabIndex?: number;
}

/** A link inside the console; its page and data are fetched when the pointer comes near. */
export function Link({ href, children, className = 'fh-link', ...rest }: LinkProps) {
  return (
    <RouterLink {...splitHref(href)} className={className} preload="intent" activeOptions={{ exact: true }} {...rest}>
      {children}
    </RouterLink>
  );
}

import { useCallback } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Href } from './href.ts';
import { splitHref } from './link.tsx';

/** Goes to a page from code, e.g. after something was created. */
export function useGo(): (href: Href) => void {
  const navigate = useNavigate();
  return useCallback((href) => void navigate(splitHref(href)), [navigate]);
}

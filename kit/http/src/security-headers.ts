import type { OutgoingHttpHeaders } from 'node:http';

/** Sent with every answer: nothing is sniffed, framed, or shared with another origin, and API answers are not kept. */
export const baseHeaders: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** For answers that are data: nothing in them may run or load anything, whatever a browser makes of them. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** For the console's page: its own files only; styles made at run time carry the page's nonce. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'", // positions that virtual lists and charts compute; an attribute cannot load or run anything
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

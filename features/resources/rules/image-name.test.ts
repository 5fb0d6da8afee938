import { expect, test } from 'vitest';
import { shortImage } from './image-name.ts';

test.each([
  ['redis:alpine', 'redis:alpine'],
  ['registry.example.org:5000/team/shop/web:1.2', 'web:1.2'],
  ['web@sha256:0123456789abcdef', 'web@sha256:01234567…'],
  ['', ''],
])('%s is shown as %s', (image, expected) => expect(shortImage(image)).toBe(expected));

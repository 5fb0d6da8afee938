import { expect, test } from 'vitest';
import { imageNameProblem } from './image-name.ts';

const notLower = (name: string): string => `invalid reference format: repository name (${name}) must be lowercase`;

test.each([
  { why: 'a name alone is one of the usual registry', image: 'busybox', problem: undefined },
  { why: 'a tag may have capitals', image: 'localhost/busybox:Test', problem: undefined },
  { why: 'a port is no tag', image: 'localhost:5000/a/b_c/d-e', problem: undefined },
  { why: 'a digest names the bytes', image: `quay.io/a@sha256:${'0'.repeat(64)}`, problem: undefined },
  { why: 'a short digest is none', image: 'a@sha256:00', problem: 'invalid reference format' },
  { why: 'names are lower case', image: 'Bad::Image', problem: notLower('library/Bad') },
  { why: 'below a registry too', image: 'example.com/Shop/web', problem: notLower('Shop/web') },
  { why: 'nothing is no tag', image: 'busybox:', problem: 'invalid reference format' },
  { why: 'spaces are nothing', image: 'busy box', problem: 'invalid reference format' },
])('$image: $why', ({ image, problem }) => {
  expect(imageNameProblem(image)).toBe(problem);
});

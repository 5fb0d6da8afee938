import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { imageReference } from './image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('imageReference', () => {
  const cases: readonly { image: string; is: [string, string, string]; why: string }[] = [
    { image: 'nginx', is: ['docker.io', 'library/nginx', 'latest'], why: 'a name alone is of Docker Hub’s own' },
    { image: 'acme/web:1.2', is: ['docker.io', 'acme/web', '1.2'], why: 'of somebody at Docker Hub' },
    { image: 'ghcr.io/acme/web', is: ['ghcr.io', 'acme/web', 'latest'], why: 'a registry has a dot' },
    { image: 'localhost/web:x', is: ['localhost', 'web', 'x'], why: 'or is this machine' },
    { image: 'reg:5000/a/b/c:v1', is: ['reg:5000', 'a/b/c', 'v1'], why: 'or has a port' },
    { image: `reg.io/web:1@${digest}`, is: ['reg.io', 'web', digest], why: 'a digest says more than a tag' },
  ];
  it.each(cases)('$image: $why', ({ image, is: [registry, repository, reference] }) => {
    expect(imageReference(image)).toEqual({ registry, repository, reference });
  });

  it.each(['', 'Web', 'a b', 'reg.io/../x', 'reg.io/a?b', 'user@host.io/x', 'x:', `x@sha256:1`, 'a@b.io:80/x'])(
    'refuses %j',
    (image) => {
      let thrown: unknown;
      try {
        imageReference(image);
      } catch (error) {
        thrown = error;
      }
      expect(isApiError(thrown, 'BadRequest')).toBe(true);
    },
  );
});

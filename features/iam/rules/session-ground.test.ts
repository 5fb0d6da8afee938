import { expect, it } from 'vitest';
import { lostGround } from './session-ground.ts';
import type { Grounds } from './session-ground.ts';

const known = { providers: [{ name: 'corp' }], clients: [{ name: 'kubesphere' }, { name: 'grafana' }] };
const rows: [why: string, grounds: Grounds, lost: RegExp | undefined][] = [
  ['the console’s own', { client: 'console' }, undefined],
  ['a token of the platform’s own API', { client: 'kubesphere' }, undefined],
  ['vouched for by a provider that is there', { client: 'console', provider: 'corp' }, undefined],
  ['vouched for by one that was removed', { client: 'console', provider: 'left' }, /left/],
  ['given to an application that is there', { client: 'grafana', scopes: ['openid'] }, undefined],
  ['given to one that was removed', { client: 'old', scopes: ['openid'] }, /old/],
  [
    'given to one that is there, by a user whose provider was removed',
    { client: 'grafana', scopes: [], provider: 'left' },
    /left/,
  ],
];

it.each(rows)('a session %s', (_why, grounds, lost) => {
  const answer = lostGround(grounds, known);
  if (lost) expect(answer).toMatch(lost);
  else expect(answer).toBeUndefined();
});

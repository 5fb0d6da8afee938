import { expect, test } from 'vitest';
import { completed } from './kubeconfig.ts';

test('a kubeconfig without a credential gets the token that is made for it', async () => {
  const text = await completed({ users: [{ name: 'ann', user: {} }] }, async () => 'made');
  expect(JSON.parse(text)).toEqual({ users: [{ name: 'ann', user: { token: 'made' } }] });
});

test('one with a certificate is left as it is, and no token is made', async () => {
  const config = { users: [{ name: 'ann', user: { 'client-certificate-data': 'Y2VydA==' } }] };
  const text = await completed(config, () => Promise.reject(new Error('no token is needed')));
  expect(JSON.parse(text)).toEqual(config);
});

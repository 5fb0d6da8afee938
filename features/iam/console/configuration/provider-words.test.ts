import { expect, test } from 'vitest';
import { messages } from '../messages/en.ts';
import { providerFields } from './provider-fields.ts';

test('every setting of a provider has its words', () => {
  const keys = Object.values(providerFields).flatMap((fields) => fields.map(({ key }) => key.split('.').at(-1)));
  const missing = keys.filter((key) => !(`providers.field.${key}` in messages));
  expect(missing).toEqual([]);
});

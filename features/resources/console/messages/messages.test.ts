import { compareMessages } from '@kit/ui/text';
import { expect, test } from 'vitest';
import { messages as en } from './en.ts';
import { messages as ko } from './ko.ts';
import { messages as zh } from './zh.ts';

test('the three languages have the same keys, plural forms and placeholders', () => {
  expect(compareMessages({ en, ko, zh })).toEqual([]);
});

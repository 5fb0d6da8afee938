import { compareMessages } from '@kit/ui/text';
import { expect, test } from 'vitest';
import { messages as en } from './messages/en.ts';
import { messages as ko } from './messages/ko.ts';
import { messages as zh } from './messages/zh.ts';

test('the three languages have the same keys, plural forms and placeholders', () => {
  expect(compareMessages({ en, ko, zh })).toEqual([]);
});

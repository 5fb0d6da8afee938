import { expect, test } from 'vitest';
import { applyEvents, updateRows } from './apply-events.ts';
import { newestVersion, type WatchEvent } from './watch-socket.ts';

const at = (name: string, resourceVersion: string) => ({ metadata: { name, uid: name, resourceVersion } });
type Item = ReturnType<typeof at>;
const event = (type: WatchEvent<Item>['type'], name: string, version: string): WatchEvent<Item> => ({
  type,
  object: at(name, version),
});
const text = (items: readonly Item[]) =>
  items.map(({ metadata }) => `${metadata.name}${metadata.resourceVersion}`).join(' ');

test.each([
  { why: 'a new object is added', events: [event('ADDED', 'c', '7')], whole: 'a5 b6 c7', page: 'a5 b6' },
  { why: 'a changed one takes its place', events: [event('MODIFIED', 'a', '9')], whole: 'a9 b6', page: 'a9 b6' },
  {
    why: 'a longer version number is newer, not greater as text',
    events: [event('MODIFIED', 'a', '10')],
    whole: 'a10 b6',
    page: 'a10 b6',
  },
  {
    why: 'what is older than the list is not taken',
    events: [event('MODIFIED', 'b', '5')],
    whole: 'a5 b6',
    page: 'a5 b6',
  },
  {
    why: 'a deleted one leaves a whole list, and stays on a page',
    events: [event('DELETED', 'a', '9')],
    whole: 'b6',
    page: 'a5 b6',
  },
  {
    why: 'several events in a row',
    events: [event('ADDED', 'c', '7'), event('DELETED', 'c', '8'), event('MODIFIED', 'b', '9')],
    whole: 'a5 b9',
    page: 'a5 b9',
  },
])('$why', ({ events, whole, page }) => {
  const items = [at('a', '5'), at('b', '6')];
  expect(text(applyEvents(items, events))).toBe(whole);
  expect(text(updateRows(items, events))).toBe(page);
});

test('nothing new gives the same list, so that nothing is drawn again', () => {
  const items = [at('a', '5')];
  expect(applyEvents(items, [event('MODIFIED', 'a', '5')])).toBe(items);
  expect(updateRows(items, [event('ADDED', 'z', '9')])).toBe(items);
});

test('a watch starts at the newest object', () => {
  expect(newestVersion([at('a', '9'), at('b', '10'), at('c', '2')])).toBe('10');
  expect(newestVersion([])).toBeUndefined();
});

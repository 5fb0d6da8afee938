import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WatchSocket, type Socket, type WatchEvent } from './watch-socket.ts';

interface Item {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/** The far end of the connection: what a server does with a socket. */
class FarEnd implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  isClosed = false;
  readonly url: URL;

  constructor(url: URL) {
    this.url = url;
  }

  send(type: string, object: object): void {
    this.onmessage?.({ data: JSON.stringify({ type, object }) });
  }

  close(): void {
    this.isClosed = true;
    this.onclose?.();
  }
}

function follow() {
  const ends: FarEnd[] = [];
  const events: WatchEvent<Item>[][] = [];
  const states: string[] = [];
  let expired = 0;
  const socket = new WatchSocket<Item>({
    url: new URL('ws://console.example/apis/apps/v1/deployments?labelSelector=a'),
    resourceVersion: '5',
    onEvents: (batch) => events.push([...batch]),
    onConnection: (state) => states.push(state),
    onExpired: () => (expired += 1),
    connect: (url) => {
      const end = new FarEnd(url);
      ends.push(end);
      return end;
    },
  });
  const last = () => ends.at(-1) as FarEnd; // the watch opens one at once
  return { socket, ends, events, states, last, expired: () => expired };
}

const at = (name: string, resourceVersion: string): Item => ({ metadata: { name, resourceVersion } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('asks for what happens after the list, with its selectors', () => {
  const { last, socket } = follow();
  expect(Object.fromEntries(last().url.searchParams)).toEqual({
    labelSelector: 'a',
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: '5',
  });
  socket.close();
});

test('events of one frame travel together, bookmarks are kept to itself', () => {
  const { last, events, socket } = follow();
  last().send('ADDED', at('a', '6'));
  last().send('MODIFIED', at('a', '7'));
  last().send('BOOKMARK', at('', '9'));
  vi.advanceTimersByTime(50);
  expect(events.map((batch) => batch.map(({ type }) => type))).toEqual([['ADDED', 'MODIFIED']]);
  socket.close();
});

test('a broken connection goes on from the newest bookmark or event', () => {
  const { last, ends, states, socket } = follow();
  last().onopen?.();
  last().send('ADDED', at('a', '6'));
  last().send('BOOKMARK', at('', '42'));
  last().close();
  vi.advanceTimersByTime(20_000);
  expect(ends).toHaveLength(2);
  expect(last().url.searchParams.get('resourceVersion')).toBe('42');
  expect(states).toEqual(['live', 'lost']);
  socket.close();
});

test('tries again ever more rarely, and from the start once it works', () => {
  const { last, ends, socket } = follow();
  const attempts = () => ends.length;
  for (const [delayMs, expected] of [
    [500, 2],
    [1000, 3],
    [2000, 4],
  ] as const) {
    last().close();
    vi.advanceTimersByTime(delayMs - 1);
    expect(attempts()).toBe(expected - 1);
    vi.advanceTimersByTime(1);
    expect(attempts()).toBe(expected);
  }
  last().send('ADDED', at('a', '6'));
  last().close();
  vi.advanceTimersByTime(500);
  expect(attempts()).toBe(5);
  socket.close();
});

test('a version the server has forgotten ends the watch and asks for a new list', () => {
  const { last, ends, events, expired } = follow();
  last().send('ERROR', { code: 410 });
  vi.advanceTimersByTime(60_000);
  expect(expired()).toBe(1);
  expect(ends).toHaveLength(1);
  expect(events).toEqual([]);
});

test('after close nothing is told any more', () => {
  const { last, ends, events, states, socket } = follow();
  last().send('ADDED', at('a', '6'));
  socket.close();
  last().onopen?.();
  vi.advanceTimersByTime(60_000);
  expect(last().isClosed).toBe(true);
  expect([events, states]).toEqual([[], []]);
  expect(ends).toHaveLength(1);
});

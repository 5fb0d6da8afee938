import { getEventListeners } from 'node:events';
import { silentLogger } from '@kit/base';
import { expect, it } from 'vitest';
import { CachedView } from './cached-view.ts';
import { kinds } from './kinds.ts';

it('leaves nothing at a signal that outlives the wait', async () => {
  const { signal } = new AbortController();
  const view = new CachedView(kinds.pods, silentLogger);
  const ready = view.ready(signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  view.replace([]);
  await ready;
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

it('stops waiting when the signal is aborted', async () => {
  const controller = new AbortController();
  const ready = new CachedView(kinds.pods, silentLogger).ready(controller.signal);
  controller.abort(new Error('enough'));
  await expect(ready).rejects.toThrow('enough');
});

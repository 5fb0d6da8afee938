import { describe, expect, it } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

describe('Lifecycle', () => {
  const part = (name: string, log: string[], fail?: 'start' | 'stop') => ({
    name,
    start: () => {
      if (fail === 'start') throw new Error(`${name} cannot start`);
      log.push(`+${name}`);
    },
    stop: () => {
      log.push(`-${name}`);
      if (fail === 'stop') throw new Error(`${name} cannot stop`);
    },
  });

  it('starts in order and stops in reverse', async () => {
    const log: string[] = [];
    const life = new Lifecycle().add(part('a', log), part('b', log));
    await life.start();
    await life.stop();
    expect(log).toEqual(['+a', '+b', '-b', '-a']);
  });

  it('stops what is up when a part does not start, and throws that part’s error', async () => {
    const log: string[] = [];
    const life = new Lifecycle().add(part('a', log), part('b', log, 'start'), part('c', log));
    await expect(life.start()).rejects.toThrow('b cannot start');
    expect(log).toEqual(['+a', '-a']);
  });

  it('stops the others when one fails to stop, and names it', async () => {
    const log: string[] = [];
    const life = new Lifecycle().add(part('a', log), part('b', log, 'stop'));
    await life.start();
    const error = await life.stop().catch((thrown: unknown) => thrown);
    expect(log).toEqual(['+a', '+b', '-b', '-a']);
    expect((error as AggregateError).errors).toHaveLength(1);
  });

  it('stops nothing twice', async () => {
    const log: string[] = [];
    const life = new Lifecycle();
    await life.adopt(part('a', log));
    await life.stop();
    await life.stop();
    expect(log).toEqual(['+a', '-a']);
  });
});

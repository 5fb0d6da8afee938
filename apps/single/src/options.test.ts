import { describe, expect, it } from 'vitest';
import { ConfigError } from '@kit/base';
import { helpText, readOptions } from './options.ts';

describe('readOptions', () => {
  it('works without any argument: loopback, a fixed port, ./data, the embedded cluster', () => {
    expect(readOptions([])).toMatchObject({
      host: '127.0.0.1',
      port: 30880,
      data: './data',
      nodes: 3,
      reset: false,
      uninstall: false,
    });
    expect(readOptions([]).kubeconfig).toBeUndefined();
  });

  it.each([
    { args: ['--port', '8080'], want: { port: 8080 }, why: 'numbers are read from text' },
    { args: ['--port=0'], want: { port: 0 }, why: '0 takes a free port' },
    { args: ['--host', '0.0.0.0'], want: { host: '0.0.0.0' }, why: 'listening elsewhere is the user’s choice' },
    {
      args: ['--kubeconfig', 'a', '--uninstall'],
      want: { kubeconfig: 'a', uninstall: true },
      why: 'the two belong together',
    },
  ])('$args: $why', ({ args, want }) => {
    expect(readOptions(args)).toMatchObject(want);
  });

  it.each([
    { args: ['--port', 'many'], why: 'a port is a number' },
    { args: ['--port', '70000'], why: 'ports end at 65535' },
    { args: ['--prot', '80'], why: 'an unknown option is not guessed' },
    { args: ['--data', ''], why: 'an empty folder name is a slip' },
    { args: ['--uninstall'], why: 'there is nothing to uninstall from' },
    { args: ['--redis', 'localhost:6379'], why: 'an address has a scheme' },
    { args: ['--redis', 'redis://:secret@localhost'], why: 'a password on a command line is seen by all' },
    { args: ['--redisPasswordFile', 'file'], why: 'there is nothing it is the password of' },
    { args: ['extra'], why: 'arguments without a name are a slip' },
  ])('refuses $args: $why', ({ args }) => {
    expect(() => readOptions(args)).toThrow(ConfigError);
  });

  it('explains every option', () => {
    for (const name of ['--host', '--port', '--data', '--kubeconfig', '--uninstall', '--reset'])
      expect(helpText()).toContain(name);
  });
});

import { describe, expect, it } from 'vitest';
import { listedFiles } from './listed-files.ts';

describe('what ls says', () => {
  it.each([
    {
      why: 'busybox',
      output:
        'total 12\ndrwxr-xr-x    3 root     root          4096 Nov 21 21:59 .\ndrwxr-xr-x    1 root     root          4096 Nov 21 21:59 ..\n-rw-r--r--    1 nobody   nogroup          6 Nov 21 21:59 a b\nlrwxrwxrwx    1 root     root            12 Jan  1  2025 sh -> /bin/busybox\ndrwx------    2 root     root          4096 Nov 21 21:59 z\n',
      names: ['z', 'a b', 'sh'],
    },
    {
      why: 'GNU',
      output: 'total 0\n-rw-r--r--. 1 1000 1000 0 Nov  1  2024 x\ncrw-rw-rw- 1 root root 1, 3 Nov 21 21:59 null\n',
      names: ['null', 'x'],
    },
    { why: 'GNU in another locale', output: '-rw-r--r-- 1 a b 7 2025-01-02 03:04 x\n', names: ['x'] },
    { why: 'an empty folder', output: 'total 0\n', names: [] },
    { why: 'something else', output: 'no ls at all\n', names: [] },
  ])('is read: $why', ({ output, names }) => expect(listedFiles(output).map(({ name }) => name)).toEqual(names));

  it('keeps what it says of a file and of a link', () => {
    const output = '-rwsr-xr-x 1 root mail 42 Nov 21 21:59 su\nlrwxrwxrwx 1 root root 3 Nov 21 21:59 l -> ../x\n';
    expect(listedFiles(output)).toEqual([
      {
        name: 'l',
        type: 'link',
        mode: 'rwxrwxrwx',
        owner: 'root',
        group: 'root',
        size: 3,
        modified: 'Nov 21 21:59',
        target: '../x',
      },
      { name: 'su', type: 'file', mode: 'rwsr-xr-x', owner: 'root', group: 'mail', size: 42, modified: 'Nov 21 21:59' },
    ]);
  });
});

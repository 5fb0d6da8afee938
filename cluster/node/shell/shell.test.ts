import { expect, test } from 'vitest';
import { commands } from '../commands/commands.ts';
import { MemoryFiles } from '../files/memory-files.ts';
import { bytesInput, CollectedOutput } from './byte-io.ts';
import { Shell } from './shell.ts';
import { shellState } from './shell-state.ts';
import type { ShellWorld } from './shell-world.ts';

const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5);

function world(): ShellWorld {
  const files = new MemoryFiles(now, 1 << 20);
  for (const folder of ['/bin', '/etc', '/tmp', '/root']) files.makeFolder(folder);
  files.write('/etc/hostname', 'web-0\n');
  files.write('/bin/ls', '', 0o755);
  files.mount('/fixed', { is: 'folder', mode: 0o755, modifiedMs: 0, entries: new Map(), readOnly: true });
  const network = { resolve: async () => [], connect: () => Promise.reject(new Error('connection refused')) };
  return { files, hostname: 'web-0', userId: 0, network, mainCommand: ['nginx'], now, pause: async () => undefined };
}

async function run(script: string, input = ''): Promise<{ status: number; out: string; err: string }> {
  const [stdout, stderr] = [new CollectedOutput(), new CollectedOutput()];
  const state = shellState(
    new Map([
      ['HOME', '/root'],
      ['NAME', 'a b'],
    ]),
    '/',
    ['sh', 'one', 'two'],
  );
  const shell = new Shell({ world: world(), commands, signal: new AbortController().signal }, state);
  const status = await shell.run(script, { stdin: bytesInput(input), stdout, stderr });
  return { status, out: stdout.text(), err: stderr.text() };
}

test.each([
  { why: 'words and quotes', script: `echo a  'b  c' "d $NAME" e\\ f`, out: 'a b  c d a b e f\n' },
  { why: 'a value falls apart unless it is quoted', script: 'printf "[%s]" $NAME "$NAME"', out: '[a][b][a b]' },
  { why: 'lists', script: 'true && echo yes || echo no; false && echo yes || echo no', out: 'yes\nno\n' },
  { why: 'the last status', script: 'false; echo $?; true; echo $?', out: '1\n0\n' },
  { why: 'pipes', script: 'printf "b\\na\\nb\\n" | sort -u | wc -l', out: '2\n' },
  {
    why: 'a reader that leaves early ends the writer',
    script: 'while true; do echo y; done | head -n 2',
    out: 'y\ny\n',
  },
  { why: 'redirections', script: 'echo a > /tmp/x; echo b >> /tmp/x; cat < /tmp/x', out: 'a\nb\n' },
  { why: 'errors go where they are sent', script: 'ls /nowhere 2>&1 | grep -c nowhere', out: '1\n' },
  { why: 'here documents', script: 'cat <<EOF\nhi $NAME\nEOF\ncat <<"EOF"\nhi $NAME\nEOF', out: 'hi a b\nhi $NAME\n' },
  { why: 'loops', script: 'for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done', out: '1\n3\n' },
  { why: 'counting', script: 'i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $((i*7%4))', out: '1\n' },
  {
    why: 'if and elif',
    script: 'if [ -f /x ]; then echo f; elif [ -d /etc ]; then echo d; else echo n; fi',
    out: 'd\n',
  },
  { why: 'case', script: 'case abc in a*) echo starts;; *) echo not;; esac', out: 'starts\n' },
  { why: 'functions', script: 'f() { echo "$1-$#"; return 3; }; f x y; echo $?', out: 'x-2\n3\n' },
  {
    why: 'a subshell keeps its changes',
    script: '(cd /tmp; A=1; pwd); pwd; echo ${A:-unset}',
    out: '/tmp\n/\nunset\n',
  },
  {
    why: 'expansions',
    script: 'F=a.tar.gz; echo ${F%.*} ${F%%.*} ${F#*.} ${#F} ${F/tar/zip}',
    out: 'a.tar a tar.gz 8 a.zip.gz\n',
  },
  { why: 'commands in words', script: 'echo "$(echo $(hostname) | tr a-z A-Z)"', out: 'WEB-0\n' },
  {
    why: 'patterns',
    script: 'touch /tmp/a.txt /tmp/b.txt /tmp/c; echo /tmp/*.txt /no/*',
    out: '/tmp/a.txt /tmp/b.txt /no/*\n',
  },
  { why: 'arguments', script: 'for a in "$@"; do echo "<$a>"; done; shift; echo $1', out: '<one>\n<two>\ntwo\n' },
  { why: 'reading lines', script: 'while read a b; do echo "$b,$a"; done', input: '1 2\n3 4 5\n', out: '2,1\n4 5,3\n' },
  { why: 'sed and grep', script: `printf 'a=1\\nb=2\\n' | sed 's/=\\([0-9]\\)/: \\1/' | grep -v ^a`, out: 'b: 2\n' },
  { why: 'variables of one command', script: 'X=1 env | grep ^X; echo ${X:-gone}', out: 'X=1\ngone\n' },
  {
    why: 'tar there and back',
    script:
      'mkdir -p /tmp/d/e; echo q > /tmp/d/e/f; cd /tmp; tar cf - d | (mkdir /tmp/o; cd /tmp/o; tar xf -); cat /tmp/o/d/e/f',
    out: 'q\n',
  },
  { why: 'dates', script: 'date -u +%F', out: '2026-01-02\n' },
])('$why', async ({ script, out, input }) => {
  expect(await run(script, input)).toMatchObject({ out, status: 0 });
});

test.each([
  { why: 'exit', script: 'exit 3; echo never', status: 3, err: '' },
  { why: 'an unknown command', script: 'frobnicate', status: 127, err: 'sh: frobnicate: not found\n' },
  { why: 'no such file', script: 'cat /nope', status: 1, err: "cat: can't open '/nope': No such file or directory\n" },
  { why: 'a mounted config map', script: 'echo x > /fixed/y', status: 1, err: 'echo: Read-only file system\n' },
  {
    why: 'no more room',
    script: 'while true; do seq 1000 >> /tmp/x || exit 9; done',
    status: 9,
    err: 'seq: No space left on device\n',
  },
  { why: 'a syntax error', script: 'echo "', status: 2, err: 'sh: syntax error: unterminated double quote\n' },
  { why: 'set -e', script: 'set -e; false; echo never', status: 1, err: '' },
  { why: 'endless recursion', script: 'f() { f; }; f', status: 2, err: 'sh: too many commands inside one another\n' },
])('$why ends with $status', async ({ script, status, err }) => {
  expect(await run(script)).toEqual({ status, err, out: '' });
});

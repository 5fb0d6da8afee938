import { describe, expect, it } from 'vitest';
import { isRunnable } from './runnable-command.ts';

const shell = (script: string) => ({ name: 'main', image: 'busybox', command: ['/bin/sh', '-exc', script] });

describe('isRunnable', () => {
  it.each([
    { script: 'echo hi; exit 3', runs: true, why: 'the shell stands for all of it' },
    { script: 'for i in $(seq 1 3); do echo $((i + 1)); done', runs: true, why: 'what is substituted is known too' },
    { script: 'echo $(wget -qO- http://web | head -1)', runs: false, why: 'a substitution reaches the network' },
    { script: 'echo `awk 1 /etc/hosts`', runs: false, why: 'backquotes are substitutions' },
    { script: 'nginx -g "daemon off;"', runs: false, why: 'nobody knows what the program would do' },
  ])('$script: $runs, since $why', ({ script, runs }) => {
    expect(isRunnable(shell(script))).toBe(runs);
  });
});

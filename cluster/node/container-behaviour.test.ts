import { expect, test } from 'vitest';
import { behaviourOf } from './container-behaviour.ts';
import { pullProblem } from './image.ts';

const runs = { does: 'run' };
const script = { does: 'script' };
const exits = (code: number, afterMs = 0) => ({ does: 'exit', code, afterMs });

test.each([
  { why: 'no command: the image decides, and services run on', command: [], is: runs },
  { why: 'no command in a job', command: [], isTask: true, is: exits(0, 5000) },
  { why: 'true', command: ['true'], is: exits(0) },
  { why: 'false by its path', command: ['/bin/false'], is: exits(1) },
  { why: 'sleep', command: ['sleep', '2m'], is: exits(0, 120_000) },
  { why: 'sleep without end', command: ['sleep', 'infinity'], is: runs },
  { why: 'a script', command: ['sh', '-c', 'exit 3'], is: script },
  { why: 'a script with options', command: ['/bin/sh', '-ec', 'echo hi; sleep 1 && sleep 2; false'], is: script },
  { why: 'one command that prints', command: ['/bin/echo'], args: ['hi'], is: script },
  { why: 'functions of its own', command: ['sh', '-c', 'f() { echo $1; }; f 1'], is: script },
  { why: 'a script with a program nobody knows', command: ['sh', '-c', 'echo hi; nginx'], is: runs },
  { why: 'a program that is only known when it runs', command: ['sh', '-c', '$PROGRAM'], is: runs },
  { why: 'a broken script', command: ['sh', '-c', 'if'], is: runs },
  { why: 'args without command', command: [], args: ['false'], is: exits(1) },
  { why: 'a loop', command: ['sh', '-c', 'while true; do date; sleep 1; done'], is: script },
  { why: 'an unknown program of a service', command: ['nginx', '-g', 'daemon off;'], is: runs },
  { why: 'an unknown program of a job', command: ['perl', '-e', '1'], isTask: true, is: exits(0, 5000) },
])('$why', ({ command, args = [], isTask = false, is }) => {
  expect(behaviourOf({ name: 'c', command, args }, isTask, 5000)).toEqual(is);
});

test.each([
  { image: 'nginx', fails: false },
  { image: 'nginx:does-not-exist', fails: true },
  { image: 'registry.invalid/app:1', fails: true },
  { image: 'registry.invalid:5000/app', fails: true },
  { image: 'localhost:5000/app:1', fails: false },
  { image: 'ghcr.io/invalid/app:1', fails: false },
])('$image can be pulled: not $fails', ({ image, fails }) => {
  expect(pullProblem(image) !== undefined).toBe(fails);
});

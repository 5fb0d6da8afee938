import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import constantLogText from './constant-log-text.mjs';
import explainedComment from './explained-comment.mjs';
import reasonOnCast from './reason-on-cast.mjs';

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });

tester.run('reason-on-cast', reasonOnCast as never, {
  valid: [
    'const a = [1] as const;',
    'const b = x as T; // the schema has checked it',
    'const c = x!; // set above',
    'const d = x satisfies T;',
  ],
  invalid: [
    { code: 'const a = x as T;', errors: 1 },
    { code: 'const a = x!;', errors: 1 },
  ],
});

tester.run('constant-log-text', constantLogText as never, {
  valid: ["log.info('started', { port });", "this.log.warn('late');", 'console.info(`x`);', 'math.error(x);'],
  invalid: [
    { code: 'log.info(`started on ${port}`);', errors: 1 },
    { code: "deps.log.error('failed: ' + e);", errors: 1 },
  ],
});

tester.run('explained-comment', explainedComment as never, {
  valid: ['// TODO(#12): page the list', '// eslint-disable-next-line no-debugger -- the API asks for it\ndebugger;'],
  invalid: [
    { code: '// TODO page the list', errors: 1 },
    { code: '// eslint-disable-next-line no-debugger\ndebugger;', errors: 1 },
  ],
});

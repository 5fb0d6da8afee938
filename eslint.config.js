import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import constantLogText from './tools/lint/constant-log-text.mjs';
import explainedComment from './tools/lint/explained-comment.mjs';
import reasonOnCast from './tools/lint/reason-on-cast.mjs';

const own = {
  rules: {
    'reason-on-cast': reasonOnCast,
    'constant-log-text': constantLogText,
    'explained-comment': explainedComment,
  },
};

const tests = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**', '**/test/**', 'e2e/**', '**/bench/**'];
const console_ = ['apps/console/**', 'features/*/console/**', 'kit/ui/**'];

/** What library code must leave to the program that runs it. */
const ofTheProgram = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'settings come in as parameters; only apps and tools read the environment',
  },
  {
    selector: 'CallExpression[callee.object.name="process"][callee.property.name="exit"]',
    message: 'throw; only a program decides to end',
  },
];
const everywhere = [
  {
    selector: 'CallExpression[callee.object.name="vi"][callee.property.name=/^(mock|doMock)$/]',
    message: 'use a fake or the real part, not a mock of our own code',
  },
  {
    selector: 'JSXAttribute[name.name="to"] TemplateLiteral',
    message: 'links come from to.place({ ... }), never from string pieces',
  },
];

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '**/*.gen.ts', '/data/', 'coverage/', 'apps/console/vite.config.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './tsconfig.console.json'], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { own },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'max-params': ['error', 3],
      'max-depth': ['error', 3],
      complexity: ['error', 10],
      'no-restricted-syntax': ['error', ...ofTheProgram, ...everywhere],
      'own/reason-on-cast': 'error',
      'own/constant-log-text': 'error',
      'own/explained-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['apps/**', 'tools/**', 'e2e/**', 'vitest.config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere] },
  },
  {
    files: console_,
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules, 'max-lines-per-function': ['error', { max: 120 }] },
  },
  {
    files: ['**/messages/{en,ko,zh}.ts', '**/*.test.ts'],
    rules: { 'max-lines': 'off' }, // tables of data
  },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      'own/reason-on-cast': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);

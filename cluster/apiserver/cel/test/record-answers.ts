import { readFileSync, writeFileSync } from 'node:fs';
import { callerOf } from './call-server.ts';
import { play } from './play-scenario.ts';
import { policyScenarios } from './policy-scenarios.ts';
import { ruleScenarios } from './rule-scenarios.ts';

/** How long a real server may take to follow its own configuration. */
const settleMs = 4_000;

const [kubeconfig = '', only = ''] = process.argv.slice(2);
const call = callerOf(readFileSync(kubeconfig, 'utf8'));
const file = new URL('answers.json', import.meta.url);
/** With a part of their names, only some are played again. */
const answers = only ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
const played = [...ruleScenarios, ...policyScenarios].filter(({ name }) => name.includes(only) || name === 'the end');
for (const scenario of played)
  answers[scenario.name] = await play(call, scenario, () => new Promise((resolve) => setTimeout(resolve, settleMs)));
writeFileSync(file, `${JSON.stringify(answers, undefined, 1)}\n`);
console.log(`${Object.keys(answers).length} scenarios recorded`);

import { readFileSync, writeFileSync } from 'node:fs';
import { callerOf } from './call-server.ts';
import { play } from './play-scenario.ts';
import { policyScenarios } from './policy-scenarios.ts';
import { ruleScenarios } from './rule-scenarios.ts';

/** How long a real server may take to follow its own configuration. */
const settleMs = 4_000;

const [kubeconfig = ''] = process.argv.slice(2);
const call = callerOf(readFileSync(kubeconfig, 'utf8'));
const answers: Record<string, unknown> = {};
for (const scenario of [...ruleScenarios, ...policyScenarios])
  answers[scenario.name] = await play(call, scenario, () => new Promise((resolve) => setTimeout(resolve, settleMs)));
writeFileSync(new URL('answers.json', import.meta.url), `${JSON.stringify(answers, undefined, 1)}\n`);
console.log(`${Object.keys(answers).length} scenarios recorded`);

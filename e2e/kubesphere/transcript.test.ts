import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { image, realKubeconfig } from '../target.ts';
import { better, type Allowed } from './allowed-differences.ts';
import { clearPlatform } from './clear-platform.ts';
import { answerDifferences, type Difference } from './differences.ts';
import { normalise } from './normalise.ts';
import { notYet } from './not-yet.ts';
import { runScenario } from './run-scenario.ts';
import { recorded, scenario, type Recorded } from './scenario.ts';

const cluster = realKubeconfig ? 'real' : 'embedded';
const allowed = [...better, ...notYet].filter(({ on }) => on === undefined || on === cluster);
const users = '/kapis/iam.kubesphere.io/v1alpha2/users';
/** On the real cluster only what tools/real/images.sh made can run. */
const images: Record<string, string> = realKubeconfig ? { 'nginx:1.27': 'localhost/pause:test', busybox: image } : {};

let platform: TestPlatform;
let answers: readonly Recorded[];

/** The administrator as the recording has them: past the first password, with the address of KubeSphere's. */
async function prepareAdmin(): Promise<string> {
  const chosen = 'Chosen-0f-one-s-own';
  const first = await platform.signIn();
  const change = { currentPassword: platform.password, password: chosen };
  expect((await first.call('PUT', `${users}/admin/password`, change)).status).toBe(200);
  const admin = await platform.signIn('admin', chosen);
  const setAddress = async (): Promise<number> => {
    const { body } = await admin.call<{ spec: object }>('GET', `${users}/admin`);
    const next = { ...body, spec: { ...body.spec, email: 'admin@kubesphere.io' } };
    return (await admin.call('PUT', `${users}/admin`, next)).status;
  };
  // the sign-in is noted on the user, too
  await vi.waitFor(async () => expect(await setAddress()).toBe(200), { timeout: 20_000, interval: 100 });
  return chosen;
}

beforeAll(async () => {
  if (realKubeconfig) await clearPlatform(realKubeconfig);
  platform = await startTestPlatform(realKubeconfig ? { kubeconfig: realKubeconfig } : {});
  const adminPassword = await prepareAdmin();
  answers = await runScenario({ url: platform.url, adminPassword, images }, scenario);
});
afterAll(async () => {
  await platform.stop();
  if (realKubeconfig) await clearPlatform(realKubeconfig);
});

const shown = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));
const textOf = ({ at, recorded: before, ours }: Difference): string => `${at}: ${shown(before)} → ${shown(ours)}`;

interface Found {
  readonly request: string;
  readonly text: string;
}

function found(place: number): Found[] {
  const [before, now] = [recorded[place], answers[place]];
  if (!before || !now) throw new Error(`there is no answer ${place}`);
  const request = `${before.name} [${before.as}]`;
  const known = { ...before, body: normalise(before.body) };
  return answerDifferences(known, now).map((difference) => ({ request, text: textOf(difference) }));
}

const fits = ([request, difference]: Allowed['differences'][number], one: Found): boolean =>
  request.test(one.request) && difference.test(one.text);

describe(`the API of KubeSphere 3.4 on the ${cluster} cluster`, () => {
  const rows = recorded.map(({ name, as, req }, place) => [place + 1, `${name} [${as}] ${req}`, req] as const);
  it.each(rows)('%i %s', (number, _title, req) => {
    expect(answers[number - 1]?.req).toBe(req);
    const isAllowed = (one: Found): boolean =>
      allowed.some(({ differences }) => differences.some((pair) => fits(pair, one)));
    const rest = found(number - 1).filter((one) => !isAllowed(one));
    expect(rest.map(({ text }) => text)).toEqual([]);
  });

  it('differs where it is allowed to: nothing is allowed in vain', () => {
    const all = recorded.flatMap((_one, place) => found(place));
    const checked = allowed.filter(({ on }) => on !== 'real');
    const vain = checked.flatMap(({ why, differences }) =>
      differences.filter((pair) => !all.some((one) => fits(pair, one))).map((pair) => `${why}: ${pair.join(' ')}`),
    );
    expect(vain).toEqual([]);
  });
});

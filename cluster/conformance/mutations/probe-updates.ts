import type { Json, JsonObject } from '../../apiserver/schema/schema.ts';
import { isObject } from '../../apiserver/schema/structural-schema.ts';
import type { ApiCaller } from './api-call.ts';
import { changesOf } from './change-object.ts';
import { mutationsOf } from './mutate-object.ts';
import { prepareNamespace } from './probe-creations.ts';
import { recorded, type Recorded } from './recorded.ts';
import { allSamples } from './samples/all-samples.ts';
import { patchProbes } from './samples/patches.ts';
import type { Sample } from './samples/sample.ts';
import { scalable, statusSamples } from './samples/statuses.ts';

const dryRun = '?dryRun=All&fieldValidation=Strict';

/** An object that was created, and where it is. */
interface Created {
  readonly title: string;
  readonly path: string;
  readonly stored: JsonObject;
}

async function create({ call }: ApiCaller, { title, path, object }: Sample): Promise<Created | Recorded> {
  const answer = await call({ method: 'POST', path, body: object });
  if (answer.status >= 400) return recorded(`${title}: create`, answer);
  const { metadata } = answer.body;
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  return { title, path: `${path}/${name}`, stored: answer.body };
}

/** Takes the object away at once, whatever holds it. */
async function remove({ call }: ApiCaller, { path }: Created): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await call({ method: 'PATCH', path, contentType, body: { metadata: { finalizers: null } } });
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, propagationPolicy: 'Background' };
  await call({ method: 'DELETE', path, body });
}

async function probeReplacements({ call }: ApiCaller, { title, path, stored }: Created): Promise<Recorded[]> {
  const put = async (probe: string, body: Json): Promise<Recorded> =>
    recorded(probe, await call({ method: 'PUT', path: path + dryRun, body }));
  const changed = changesOf(stored).map(({ how, at, object }) => put(`${title}: put ${how} ${at}`, object));
  return Promise.all([put(`${title}: put`, stored), ...changed]);
}

async function probeStatus({ call }: ApiCaller, { title, path }: Created): Promise<Recorded[]> {
  const status = statusSamples[title];
  if (!status) return [];
  const contentType = 'application/merge-patch+json';
  const patch = async (probe: string, body: Json): Promise<Recorded> =>
    recorded(probe, await call({ method: 'PATCH', path: `${path}/status${dryRun}`, contentType, body }));
  const changed = mutationsOf({ status }).map(({ how, at, object }) => patch(`${title}: status ${how} ${at}`, object));
  return Promise.all([patch(`${title}: status`, { status }), ...changed]);
}

async function probeScale({ call }: ApiCaller, { title, path }: Created): Promise<Recorded[]> {
  if (!scalable.includes(title)) return [];
  const scale = await call({ method: 'GET', path: `${path}/scale` });
  const put = async (probe: string, body: Json): Promise<Recorded> =>
    recorded(probe, await call({ method: 'PUT', path: `${path}/scale${dryRun}`, body }));
  const { spec = {}, metadata = {}, ...rest } = scale.body;
  const changed = mutationsOf({ spec: isObject(spec) && Object.keys(spec).length > 0 ? spec : { replicas: 1 } });
  return Promise.all([
    Promise.resolve(recorded(`${title}: get scale`, scale)),
    ...changed.map(({ how, at, object }) => put(`${title}: scale ${how} ${at}`, { ...rest, metadata, ...object })),
    put(`${title}: scale of another name`, { ...rest, spec, metadata: { name: 'other' } }),
  ]);
}

async function probePatches({ call }: ApiCaller, { title, path }: Created): Promise<Recorded[]> {
  const own = patchProbes.filter(({ sample }) => sample === title);
  return Promise.all(
    own.map(async ({ note, type, patch }) => {
      const contentType = `application/${type}-patch+json`;
      const answer = await call({ method: 'PATCH', path: path + dryRun, contentType, body: patch });
      return recorded(`${title}: ${type} patch ${note}`, answer);
    }),
  );
}

async function probeSample(caller: ApiCaller, sample: Sample): Promise<Recorded[]> {
  const created = await create(caller, sample);
  if (!('stored' in created) || !('path' in created)) return [created];
  const answers = [
    ...(await probeReplacements(caller, created)),
    ...(await probeStatus(caller, created)),
    ...(await probeScale(caller, created)),
    ...(await probePatches(caller, created)),
  ];
  await remove(caller, created);
  return answers;
}

/** Namespaces go slowly, and what the server itself watches it changes at once: these are left out. */
const skipped = /^(Namespace labelled|CustomResourceDefinition|APIService|FlowSchema|PriorityLevelConfiguration)/;

/**
 * Creates every sample and tries to change everything in it: by PUT, through /status and /scale, and with patches.
 * Needs a server without controllers, which would change the objects meanwhile. All but creation is a dry run.
 */
export async function probeUpdates(caller: ApiCaller, titles?: readonly string[]): Promise<Recorded[]> {
  await prepareNamespace(caller);
  const all: Recorded[] = [];
  for (const sample of allSamples) {
    if (skipped.test(sample.title) || (titles && !titles.includes(sample.title))) continue;
    all.push(...(await probeSample(caller, sample)));
  }
  return all;
}

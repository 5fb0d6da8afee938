import type { JsonObject } from '../../apiserver/schema/schema.ts';
import type { ApiCaller } from './api-call.ts';
import { mutationsOf } from './mutate-object.ts';
import { recorded, type Recorded } from './recorded.ts';
import { allSamples } from './samples/all-samples.ts';
import { namespace, type Sample } from './samples/sample.ts';

/** Makes the namespace the probes use, with the service account that pods need. */
export async function prepareNamespace({ call }: ApiCaller): Promise<void> {
  const made = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await call({ method: 'POST', path: '/api/v1/namespaces', body: made });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await call({ method: 'POST', path: `/api/v1/namespaces/${namespace}/serviceaccounts`, body: account });
}

async function probeSample({ call }: ApiCaller, { title, path, object }: Sample): Promise<Recorded[]> {
  const post = async (probe: string, body: JsonObject): Promise<Recorded> =>
    recorded(probe, await call({ method: 'POST', path: `${path}?dryRun=All&fieldValidation=Strict`, body }));
  const changed = mutationsOf(object).map(({ how, at, object: body }) => post(`${title}: ${how} ${at}`, body));
  return Promise.all([post(title, object), ...changed]);
}

/** Creates every sample and every likely mistake with it, as a dry run. */
export async function probeCreations(caller: ApiCaller, titles?: readonly string[]): Promise<Recorded[]> {
  await prepareNamespace(caller);
  const all: Recorded[] = [];
  for (const sample of allSamples) {
    if (!titles || titles.includes(sample.title)) all.push(...(await probeSample(caller, sample)));
  }
  return all;
}

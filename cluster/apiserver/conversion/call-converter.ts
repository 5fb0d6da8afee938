import { randomUUID } from 'node:crypto';
import type { ClusterObject } from '../../client.ts';
import { answeredObject, checkAnswerKind } from '../outbound/answered-object.ts';
import type { ClientConfig, OutboundClient } from '../outbound/outbound-client.ts';
import { ConversionFailed } from './conversion-failed.ts';

/** The webhook of a CustomResourceDefinition that converts its objects. */
export interface Converter {
  readonly clientConfig: ClientConfig;
  readonly conversionReviewVersions: readonly string[];
}

const group = 'apiextensions.k8s.io';
const knownVersions = ['v1', 'v1beta1'];
const timeoutSeconds = 30;

interface Answer {
  readonly response?: {
    readonly uid?: string;
    readonly convertedObjects?: readonly ClusterObject[];
    readonly result?: { readonly status?: string; readonly message?: string };
  };
}

interface Conversion {
  readonly objects: readonly ClusterObject[];
  /** `group/version` of the objects, and the one they are to have. */
  readonly from: string;
  readonly to: string;
  readonly kind: string;
}

function objectsIn({ response }: Answer, uid: string, version: string): readonly ClusterObject[] {
  if (!response) throw new Error('no response provided');
  if (version === 'v1' && response.uid !== uid)
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const { status = '', message } = response.result ?? {};
  if (status === 'Success') return response.convertedObjects ?? [];
  if (message) throw new Error(message);
  throw new Error(`response.result.status was '${status}', not 'Success'`);
}

/** Only labels and annotations may differ; the rest of the metadata stays as it was. */
function checked(sent: ClusterObject, converted: ClusterObject): ClusterObject {
  const before = sent.metadata;
  const after: Partial<ClusterObject['metadata']> = (converted as Partial<ClusterObject>).metadata ?? {}; // what a webhook has sent
  for (const field of ['name', 'namespace', 'uid'] as const) {
    const { [field]: was = '' } = before;
    const { [field]: is = '' } = after;
    if (was !== is) throw new Error(`must have the same ${field === 'uid' ? 'UID' : field}: ${was} != ${is}`);
  }
  const { labels, annotations } = after;
  const { labels: _labels, annotations: _annotations, ...rest } = before;
  const kept = { ...rest, ...(labels && { labels }), ...(annotations && { annotations }) };
  return { ...converted, metadata: kept };
}

function verified(conversion: Conversion, converted: readonly ClusterObject[]): ClusterObject[] {
  const { objects, from, to, kind } = conversion;
  const of = `${from}, Kind=${kind}`;
  if (converted.length !== objects.length) {
    throw new ConversionFailed(
      `conversion webhook for ${of} returned ${converted.length} objects, expected ${objects.length}`,
    );
  }
  return objects.map((sent, index) => {
    const one = converted[index] ?? sent;
    const at = `conversion webhook for ${of} returned invalid object at index ${index}`;
    if (one.apiVersion !== to)
      throw new ConversionFailed(`${at}: invalid groupVersion (expected ${to}, received ${one.apiVersion})`);
    if (one.kind !== kind) throw new ConversionFailed(`${at}: invalid kind (expected ${kind}, received ${one.kind})`);
    try {
      return checked(sent, one);
    } catch (error) {
      const { message } = error as Error; // thrown by `checked`
      throw new ConversionFailed(`conversion webhook for ${of} returned invalid object: ${message}`);
    }
  });
}

/** Lets the webhook convert the objects. Throws `ConversionFailed` in the words of the real server. */
export async function callConverter(
  client: OutboundClient,
  converter: Converter,
  conversion: Conversion,
): Promise<ClusterObject[]> {
  const { objects, from, to, kind } = conversion;
  const uid = randomUUID();
  const version = converter.conversionReviewVersions.find((known) => knownVersions.includes(known)) ?? 'v1';
  const review = {
    kind: 'ConversionReview',
    apiVersion: `${group}/${version}`,
    request: { uid, desiredAPIVersion: to, objects },
    response: { uid: '', convertedObjects: null, result: { metadata: {} } },
  };
  let converted: readonly ClusterObject[];
  try {
    const answer = await client.post(converter.clientConfig, {
      body: JSON.stringify(review),
      timeoutSeconds,
      query: `timeout=${timeoutSeconds}s`,
    });
    const object = answeredObject(answer);
    checkAnswerKind(object, { group, version, kind: 'ConversionReview' });
    converted = objectsIn(object, uid, version); // its fields are looked at one by one
  } catch (error) {
    const { message } = error as Error; // nothing else is thrown
    throw new ConversionFailed(`conversion webhook for ${from}, Kind=${kind} failed: ${message}`, error);
  }
  return verified(conversion, converted);
}

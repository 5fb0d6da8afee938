import type { Json, JsonObject } from '../../../apiserver/schema/schema.ts';

/** A small valid object of one kind: the start of a row of probes. */
export interface Sample {
  /** Unique among the samples: the kind, and what is special about this one. */
  readonly title: string;
  /** Path of the collection. */
  readonly path: string;
  readonly object: JsonObject;
}

/** The namespace all probes use. */
export const namespace = 'mutate';

const place = (apiVersion: string, plural: string, namespaced: boolean): string => {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}`;
};

interface Place {
  readonly apiVersion: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Reads `apps/v1 deployments Deployment`; a kind with a star is not namespaced. */
function placeOf(text: string): Place {
  const [apiVersion = '', plural = '', kind = ''] = text.split(' ');
  return { apiVersion, plural, kind: kind.replace('*', ''), namespaced: !kind.endsWith('*') };
}

/** A sample named by its kind and a note, with what the object has besides kind and name. */
export function sample(where: string, note: string, body: { readonly [field: string]: Json }): Sample {
  const { apiVersion, plural, kind, namespaced } = placeOf(where);
  const { metadata, ...rest } = body;
  return {
    title: note ? `${kind} ${note}` : kind,
    path: place(apiVersion, plural, namespaced),
    object: { apiVersion, kind, metadata: { name: 'm', ...(metadata as JsonObject | undefined) }, ...rest }, // an object in every sample
  };
}

export const selector: JsonObject = { matchLabels: { a: 'b' } };
export const pod: JsonObject = { containers: [{ name: 'c', image: 'nginx:1.27' }] };
export const template: JsonObject = { metadata: { labels: { a: 'b' } }, spec: pod };

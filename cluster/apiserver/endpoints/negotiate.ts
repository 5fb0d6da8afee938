import { ApiError } from '@kit/base';

/** The form of an answer: whole objects, table rows, or metadata alone; as JSON or YAML. */
export interface Form {
  readonly as: 'object' | 'table' | 'metadata';
  readonly format: 'json' | 'yaml';
}

interface MediaRange {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function parameterOf(pair: string): [name: string, value: string] {
  const [name = '', value = ''] = pair.split('=');
  return [name.trim(), value.trim()];
}

function rangesOf(accept: string): MediaRange[] {
  return accept
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .map(([type = '', ...pairs]) => ({
      type: type.toLowerCase(),
      parameters: Object.fromEntries(pairs.map(parameterOf)),
    }));
}

const formats: Readonly<Record<string, Form['format']>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
};

function formOf({ type, parameters }: MediaRange): Form | undefined {
  const format = formats[type];
  if (!format) return undefined;
  const { as, g, v } = parameters;
  if (!as) return { as: 'object', format };
  if (g !== 'meta.k8s.io' || v !== 'v1') return undefined;
  if (as === 'Table') return { as: 'table', format };
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'metadata', format };
  return undefined;
}

const served = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

const streams = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

/** The first form of the Accept header that we can answer in. Throws `NotAcceptable` when there is none. */
export function negotiate(accept: string | undefined, builtin = false): Form {
  if (!accept) return { as: 'object', format: 'json' };
  const ranges = rangesOf(accept);
  for (const range of ranges) {
    const form = formOf(range);
    if (form) return form;
  }
  // Built-in kinds word it in another way when not even the media type is known.
  if (builtin && !ranges.some(({ type }) => type in formats)) {
    throw new ApiError('NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${served}, ${streams}`, {
      details: {},
    });
  }
  throw new ApiError('NotAcceptable', `only the following media types are accepted: ${served}`);
}

/** The version of aggregated discovery the client would take, if it asks for any. */
export function aggregatedVersion(accept: string | undefined): 'v2' | undefined {
  const wants = rangesOf(accept ?? '').some(
    ({ type, parameters }) =>
      type === 'application/json' &&
      parameters.g === 'apidiscovery.k8s.io' &&
      parameters.v === 'v2' &&
      parameters.as === 'APIGroupDiscoveryList',
  );
  return wants ? 'v2' : undefined;
}

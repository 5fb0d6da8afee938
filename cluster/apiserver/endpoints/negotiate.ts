import { ApiError } from '@kit/base';

/** The form of an answer: whole objects, table rows, or metadata alone; as JSON, YAML or protobuf. */
export interface Form {
  readonly as: 'object' | 'table' | 'metadata';
  readonly format: 'json' | 'yaml' | 'protobuf';
  /** The version of meta.k8s.io in which a table or metadata is shown. */
  readonly metaVersion?: 'v1beta1';
}

interface MediaRange {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function parameterOf(pair: string): [name: string, value: string] {
  const [name = '', value = ''] = pair.split('=');
  return [name.trim(), value.trim()];
}

const weightOf = ({ parameters: { q = '1' } }: MediaRange): number => (Number.isNaN(Number(q)) ? 1 : Number(q));

/** What the client would take, the dearest to it first. */
function rangesOf(accept: string): MediaRange[] {
  const ranges = accept
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .map(([type = '', ...pairs]) => ({
      type: type.toLowerCase(),
      parameters: Object.fromEntries(pairs.map(parameterOf)),
    }));
  return accept.includes('q=') ? ranges.sort((a, b) => weightOf(b) - weightOf(a)) : ranges;
}

const formats: Readonly<Record<string, Form['format']>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
  'application/*': 'json',
  '*/*': 'json',
};

const shapes: Readonly<Record<string, Form['as']>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
};

/** Tables have no protobuf message. */
function shapeOf({ as = '', g }: MediaRange['parameters'], format: Form['format']): Form['as'] | undefined {
  const shape = g === 'meta.k8s.io' ? shapes[as] : undefined;
  return shape === 'table' && format === 'protobuf' ? undefined : shape;
}

/** `hasProtobuf`: the objects of the kind have a protobuf message; those of a custom kind do not. */
function formOf({ type, parameters }: MediaRange, hasProtobuf: boolean): Form | undefined {
  const format = formats[type];
  if (!format) return undefined;
  if (!parameters.as) return format === 'protobuf' && !hasProtobuf ? undefined : { as: 'object', format };
  const as = shapeOf(parameters, format);
  if (!as || (parameters.v !== 'v1' && parameters.v !== 'v1beta1')) return undefined;
  return { as, format, ...(parameters.v === 'v1beta1' && { metaVersion: 'v1beta1' }) };
}

/** The format of a failure, which every client has asked for in some way. */
export function errorFormat(accept: string | undefined): Form['format'] {
  if (!accept) return 'json';
  for (const range of rangesOf(accept)) {
    const form = formOf(range, true);
    if (form) return form.format;
  }
  return 'json';
}

const served = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

const streams = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

/** The first form of the Accept header that we can answer in. Throws `NotAcceptable` when there is none. */
export function negotiate(accept: string | undefined, builtin = true): Form {
  if (!accept) return { as: 'object', format: 'json' };
  const ranges = rangesOf(accept);
  for (const range of ranges) {
    const form = formOf(range, builtin);
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

import { ApiError } from '@kit/base';
import { parseAllDocuments } from 'yaml';

/** A part of a Stage in its newer form; older forms are turned into it as they are read. */
export interface StageExpression {
  readonly cel?: { readonly expression: string };
  readonly jq?: { readonly expression: string };
}

export interface StageRequirement {
  readonly cel?: { readonly expression: string };
  readonly jq?: { readonly key: string; readonly operator: string; readonly values: readonly string[] };
}

export interface StagePatch {
  readonly subresource?: string;
  readonly root?: string;
  readonly template: string;
  readonly type?: string;
  readonly impersonation?: { readonly username: string };
}

export interface StageEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface StageFinalizers {
  readonly add?: readonly { readonly value: string }[];
  readonly remove?: readonly { readonly value: string }[];
  readonly empty?: boolean;
}

/** What is done to the object, one step after the other. */
export interface StageStep {
  readonly event?: StageEvent;
  readonly finalizers?: StageFinalizers;
  readonly delete?: boolean;
  readonly patch?: StagePatch;
  readonly apply?: StagePatch;
}

export interface StageObject {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Without one the stage selects nothing. */
  readonly selector?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly requirements: readonly StageRequirement[];
  };
  readonly weight: number;
  readonly weightFrom?: StageExpression;
  readonly delay?: {
    readonly ms?: number;
    readonly from?: StageExpression;
    readonly jitterMs?: number;
    readonly jitterFrom?: StageExpression;
  };
  readonly steps: readonly StageStep[];
  readonly immediateNextStage: boolean;
}

/** The fields of a Stage as somebody wrote them; the reader checks them one by one. */
type Fields = Record<string, unknown>;

/** Reads fields and says where something is wrong. */
class Reader {
  readonly #fields: Fields;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'has to be an object');
    this.#fields = value as Fields; // just checked
    this.#path = path;
  }

  has = (name: string): boolean => this.#fields[name] !== undefined && this.#fields[name] !== null;

  #typed<T>(name: string, type: string): T | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== type) throw wrong(`${this.#path}.${name}`, `has to be a ${type}`);
    return value as T; // just checked
  }

  text = (name: string): string | undefined => this.#typed<string>(name, 'string');
  flag = (name: string): boolean | undefined => this.#typed<boolean>(name, 'boolean');

  count(name: string): number | undefined {
    const value = this.#typed<number>(name, 'number');
    if (value !== undefined && !(value >= 0)) throw wrong(`${this.#path}.${name}`, 'has to be 0 or more');
    return value;
  }

  object(name: string): Reader | undefined {
    return this.has(name) ? new Reader(this.#fields[name], `${this.#path}.${name}`) : undefined;
  }

  list(name: string): Reader[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) throw wrong(`${this.#path}.${name}`, 'has to be a list');
    return value.map((item, index) => new Reader(item, `${this.#path}.${name}[${index}]`));
  }

  texts(name: string): string[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw wrong(`${this.#path}.${name}`, 'has to be a list of strings');
    return value as string[]; // just checked
  }

  textMap(name: string): Record<string, string> {
    const inner = this.object(name);
    const value = inner ? inner.#fields : {};
    for (const [key, item] of Object.entries(value))
      if (typeof item !== 'string') throw wrong(`${this.#path}.${name}.${key}`, 'has to be a string');
    return value as Record<string, string>; // just checked
  }

  must<T>(name: string, value: T | undefined): T {
    if (value === undefined || value === '') throw wrong(`${this.#path}.${name}`, 'is missing');
    return value;
  }

  fail(why: string): never {
    throw wrong(this.#path, why);
  }
}

const wrong = (path: string, why: string): ApiError => new ApiError('Invalid', `${path} ${why}`);

const celOf = (reader: Reader): { cel: { expression: string } } | undefined => {
  const cel = reader.object('cel');
  return cel && { cel: { expression: cel.must('expression', cel.text('expression')) } };
};

function expressionOf(reader: Reader | undefined): StageExpression | undefined {
  if (!reader) return undefined;
  const jq = reader.object('jq');
  const expression = jq?.text('expression') ?? reader.text('expressionFrom');
  const found = celOf(reader) ?? (expression ? { jq: { expression } } : undefined);
  return found ?? reader.fail('needs `jq`, `cel` or `expressionFrom`');
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

function requirementOf(reader: Reader): StageRequirement {
  const cel = celOf(reader);
  if (cel) return cel;
  const jq = reader.object('jq') ?? reader;
  const operator = jq.must('operator', jq.text('operator'));
  if (!operators.includes(operator)) jq.fail(`has the operator ${operator}, which is none of ${operators.join(', ')}`);
  const values = jq.texts('values');
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues !== values.length > 0) jq.fail(`has to have ${needsValues ? '' : 'no '}values for ${operator}`);
  return { jq: { key: jq.must('key', jq.text('key')), operator, values } };
}

function selectorOf(reader: Reader | undefined): StageObject['selector'] {
  return (
    reader && {
      labels: reader.textMap('matchLabels'),
      annotations: reader.textMap('matchAnnotations'),
      requirements: reader.list('matchExpressions').map(requirementOf),
    }
  );
}

/** Only what is there: an absent field and one that is undefined mean the same here. */
const present = <T extends object>(fields: { [Key in keyof T]: T[Key] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T; // the fields that are there

function patchOf(reader: Reader | undefined, types: readonly string[]): StagePatch | undefined {
  if (!reader) return undefined;
  const type = reader.text('type');
  if (type !== undefined && !types.includes(type))
    reader.fail(`has the type ${type}, which is none of ${types.join(', ')}`);
  const impersonation = reader.object('impersonation');
  return present<StagePatch>({
    subresource: reader.text('subresource') || undefined,
    root: reader.text('root') || undefined,
    template: reader.text('template') ?? '',
    type,
    impersonation: impersonation && { username: impersonation.must('username', impersonation.text('username')) },
  });
}

function eventOf(reader: Reader | undefined): StageEvent | undefined {
  return (
    reader &&
    present<StageEvent>({ type: reader.text('type'), reason: reader.text('reason'), message: reader.text('message') })
  );
}

function finalizersOf(reader: Reader | undefined): StageFinalizers | undefined {
  const values = (name: string): { value: string }[] | undefined =>
    reader?.list(name).map((item) => ({ value: item.must('value', item.text('value')) }));
  return (
    reader && present<StageFinalizers>({ add: values('add'), remove: values('remove'), empty: reader.flag('empty') })
  );
}

const patchTypes = ['json', 'merge', 'strategic'];

function stepOf(reader: Reader): StageStep {
  return present<StageStep>({
    event: eventOf(reader.object('event')),
    finalizers: finalizersOf(reader.object('finalizers')),
    delete: reader.flag('delete') || undefined,
    patch: patchOf(reader.object('patch'), patchTypes),
    apply: patchOf(reader.object('apply'), ['apply', 'merge', 'strategic']),
  });
}

/** The older `next`, as steps. */
function stepsOfNext(next: Reader): StageStep[] {
  const event = eventOf(next.object('event'));
  const finalizers = finalizersOf(next.object('finalizers'));
  const template = next.text('statusTemplate');
  const as = next.object('statusPatchAs');
  const patches = next.list('patches').map((one) => patchOf(one, patchTypes));
  if (patches.length === 0 && template)
    patches.push({
      subresource: next.text('statusSubresource') ?? 'status',
      root: 'status',
      template,
      ...(as && { impersonation: { username: as.must('username', as.text('username')) } }),
    });
  return [
    ...(event ? [{ event }] : []),
    ...(finalizers ? [{ finalizers }] : []),
    ...patches.flatMap((patch) => (patch ? [{ patch }] : [])),
    ...(next.flag('delete') ? [{ delete: true }] : []),
  ];
}

function delayOf(reader: Reader | undefined): StageObject['delay'] {
  return (
    reader &&
    present<NonNullable<StageObject['delay']>>({
      ms: reader.count('durationMilliseconds'),
      from: expressionOf(reader.object('durationFrom')),
      jitterMs: reader.count('jitterDurationMilliseconds'),
      jitterFrom: expressionOf(reader.object('jitterDurationFrom')),
    })
  );
}

/** Reads a Stage of kwok.x-k8s.io/v1alpha1; fails with the field that is wrong. */
export function stageObject(value: unknown): StageObject {
  const top = new Reader(value, 'Stage');
  const isStage = top.text('apiVersion') === 'kwok.x-k8s.io/v1alpha1' && top.text('kind') === 'Stage';
  if (!isStage) throw wrong('a stage', 'has to be of kind Stage, apiVersion kwok.x-k8s.io/v1alpha1');
  const metadata = top.must('metadata', top.object('metadata'));
  const name = metadata.must('name', metadata.text('name'));
  const spec = new Reader((value as Fields)['spec'] ?? {}, `Stage ${JSON.stringify(name)}: spec`); // an object, see `top`
  const ref = spec.must('resourceRef', spec.object('resourceRef'));
  const steps = spec.list('steps').map(stepOf);
  const next = spec.object('next');
  return present<StageObject>({
    name,
    apiVersion: ref.text('apiGroup') || 'v1',
    kind: ref.must('kind', ref.text('kind')),
    selector: selectorOf(spec.object('selector')),
    weight: spec.count('weight') ?? 0,
    weightFrom: expressionOf(spec.object('weightFrom')),
    delay: delayOf(spec.object('delay')),
    steps: steps.length === 0 && next ? stepsOfNext(next) : steps,
    immediateNextStage: spec.flag('immediateNextStage') ?? false,
  });
}

/** The objects of a YAML text, as `--stages FILE` and the option `stages` give them. */
export function stageDocuments(text: string): unknown[] {
  return parseAllDocuments(text).flatMap((document): unknown[] => {
    const [problem] = document.errors;
    if (problem) throw wrong('stages', `are no YAML: ${problem.message.split('\n')[0]}`);
    const value: unknown = document.toJS();
    return value === null ? [] : [value];
  });
}

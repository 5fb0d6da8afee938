import type { Json, JsonObject } from '../../apiserver/schema/schema.ts';
import { isObject } from '../../apiserver/schema/structural-schema.ts';
import type { ApiAnswer } from './api-call.ts';

/** What a server said to one probe, without what differs from run to run. */
export interface Recorded {
  /** Which probe it was: the sample, what was done to it, and where. */
  readonly probe: string;
  readonly status: number;
  readonly reason?: Json;
  readonly message?: Json;
  readonly causes?: Json;
  readonly warnings?: readonly string[];
  /** The object of an accepted probe. */
  readonly stored?: Json;
}

const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const uids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const tokenVolume = /kube-api-access-\w{5}/g;
const takenPort = /(nodePort: )?(Duplicate value: )3\d{4}\b/g;
/** Addresses the server may give a Service; those the samples ask for are in 10.9. */
const givenAddress = /\b10\.(?!9\.)\d+\.\d+\.\d+\b(?!\/)/g;

/** Where the real server goes on with the difference of two Go structs, over many lines. */
const before = /(immutable after creation[^\n\],]*|previously negative\))[\s\S]*$/;
/** An object that may not change, which the real server shows as its Go struct. */
const struct = /Invalid value: \{.*\}: field is immutable/gs;
/** The patched object as text, with its fields in the order of a Go struct. */
const patched = /patch: Invalid value: "\{.*\}": /s;

function steadyText(text: string): string {
  return text
    .replace(before, '$1')
    .replace(struct, 'Invalid value: <object>: field is immutable')
    .replace(patched, 'patch: Invalid value: <object>: ')
    .replace(/^Invalid value: "\{.*\}": /s, 'Invalid value: <object>: ')
    .replace(times, '<time>')
    .replace(uids, '<uid>')
    .replace(tokenVolume, 'kube-api-access-<x>')
    .replace(takenPort, '$1$2<port>')
    .replace(givenAddress, '<ip>');
}

const chosenByServer = new Set(['uid', 'resourceVersion']);
/** How each server calls its administrator, and by which certificate it knew them. */
const ofTheCaller = new Set(['username', 'authentication.kubernetes.io/credential-id']);

/** The value with keys in order, and with a mark where the server chooses freely. */
export function steady(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => steady(item, key));
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([field]) => field !== 'managedFields');
    return Object.fromEntries(
      entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, item]) => [field, steady(item, field)]),
    );
  }
  if (typeof value === 'number') return key === 'nodePort' || key === 'healthCheckNodePort' ? '<port>' : value;
  if (typeof value !== 'string') return value;
  if (ofTheCaller.has(key)) return '<caller>';
  return chosenByServer.has(key) ? `<${key}>` : steadyText(value);
}

function byPlace(a: Json, b: Json): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function refusal(body: JsonObject): Omit<Recorded, 'probe' | 'status'> {
  const { reason, message, details, text } = body;
  const causes = isObject(details) && Array.isArray(details['causes']) ? details['causes'] : [];
  return {
    ...(reason !== undefined && { reason }),
    message: steady(message ?? text ?? null),
    ...(causes.length > 0 && { causes: causes.map((cause) => steady(cause)).sort(byPlace) }),
  };
}

/** What is kept of an answer. */
export function recorded(probe: string, { status, body, warnings }: ApiAnswer): Recorded {
  const content = status < 400 ? { stored: steady(body) } : refusal(body);
  return { probe, status, ...content, ...(warnings.length > 0 && { warnings: warnings.map(steadyText) }) };
}

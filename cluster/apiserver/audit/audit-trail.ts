import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@kit/base';
import { parse } from 'yaml';
import type { Decision } from '../auth/attributes.ts';
import type { RequestInfo, ResourcePath } from '../endpoints/request-info.ts';
import type { Caller } from '../store/write-request.ts';
import { auditUser } from './audit-event.ts';
import type { AuditEvent, AuditObjectRef } from './audit-event.ts';
import type { AuditLog } from './audit-log.ts';
import { tells } from './audit-policy.ts';
import type { AuditDecision, AuditStage } from './audit-policy.ts';

export interface Audited {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly info: RequestInfo;
  /** Absent when the request could not prove who sends it. */
  readonly caller: Caller | undefined;
}

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const endless = new Set(['exec', 'attach', 'portforward', 'proxy', 'log']);
const withBody = new Set(['create', 'update', 'patch']);

/** The kind a body is of, where it does not say so itself, is that of its path as far as that can be known. */
function parsed(bytes: Buffer | undefined, contentType = ''): unknown {
  if (!bytes?.length || contentType.includes('protobuf')) return undefined;
  try {
    const text = bytes.toString();
    const value: unknown = contentType.includes('yaml') ? parse(text) : JSON.parse(text);
    return value;
  } catch {
    return undefined; // what nobody can read is not told either; the answer says that it could not be read
  }
}

function withoutManagedFields(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { metadata, items } = value;
  const bare = isObject(metadata)
    ? { ...value, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields')) }
    : value;
  return Array.isArray(items) ? { ...bare, items: items.map(withoutManagedFields) } : bare;
}

/** The fields that are not empty. */
const present = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

/** What happens to one request, told stage by stage. */
export class AuditTrail {
  readonly #of: Audited;
  readonly #decision: AuditDecision;
  readonly #log: AuditLog;
  readonly #clock: Clock;
  readonly #receivedMs: number;
  readonly #annotations: Record<string, string> = {};
  #actsAs: Caller | undefined;
  #body: Buffer | undefined;
  #answer: Buffer | undefined;
  #isOver = false;

  constructor(of: Audited, deps: { decision: AuditDecision; log: AuditLog; clock: Clock }) {
    this.#of = of;
    this.#decision = deps.decision;
    this.#log = deps.log;
    this.#clock = deps.clock;
    this.#receivedMs = deps.clock.now();
    const { request, response, caller } = of;
    request.once('body', (bytes: Buffer) => (this.#body = bytes));
    if (caller) this.#tell('RequestReceived');
    if (this.#isEndless) this.#tellStart();
    response.once('close', () => this.#end());
  }

  annotate(key: string, value: string): void {
    this.#annotations[key] ??= value;
  }

  decided({ allowed, reason = '' }: Decision): void {
    this.annotate('authorization.k8s.io/decision', allowed ? 'allow' : 'forbid');
    this.annotate('authorization.k8s.io/reason', reason);
  }

  /** From here on the request acts as somebody else. */
  impersonates(caller: Caller): void {
    this.#actsAs = caller;
  }

  /** The JSON that answers the request. */
  answered(bytes: Buffer): void {
    this.#answer = bytes;
  }

  get #isEndless(): boolean {
    const { verb, resource, query } = this.#of.info;
    if (verb === 'watch') return true;
    const part = resource?.subresource ?? '';
    return endless.has(part) && (part !== 'log' || query.get('follow') === 'true');
  }

  #tellStart(): void {
    const { response } = this.#of;
    const writeHead: (...args: never[]) => ServerResponse = response.writeHead.bind(response);
    response.writeHead = (...args: never[]): ServerResponse => {
      const written = writeHead(...args);
      response.writeHead = writeHead;
      if (response.statusCode < 400) this.#tell('ResponseStarted');
      return written;
    };
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tell(this.#of.caller ? 'ResponseComplete' : 'ResponseStarted');
  }

  #tell(stage: AuditStage): void {
    if (!this.#decision.omitStages.includes(stage)) this.#log.write(this.#event(stage));
  }

  #event(stage: AuditStage): AuditEvent {
    const { request, requestId, info, caller } = this.#of;
    const isFirst = stage === 'RequestReceived';
    const { remoteAddress = '' } = request.socket;
    const userAgent = request.headers['user-agent'];
    return {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: this.#decision.level,
      auditID: requestId,
      stage,
      requestURI: request.url ?? '/',
      verb: info.verb,
      user: caller ? auditUser(caller) : {},
      ...(this.#actsAs && {
        impersonatedUser: auditUser(this.#actsAs),
        authenticationMetadata: { impersonationConstraint: 'impersonate:user-info' },
      }),
      sourceIPs: [remoteAddress.replace(/^::ffff:/, '')],
      ...(userAgent && { userAgent }),
      ...(info.resource && { objectRef: this.#objectRef(info.resource, isFirst) }),
      ...(!isFirst && this.#outcome()),
      requestReceivedTimestamp: microTime(this.#receivedMs),
      stageTimestamp: microTime(this.#clock.now()),
      ...(Object.keys(this.#annotations).length > 0 && { annotations: { ...this.#annotations } }),
    };
  }

  #objectRef(at: ResourcePath, isFirst: boolean): AuditObjectRef {
    const name = at.name || (isFirst || this.#of.info.verb !== 'create' ? '' : this.#sentName());
    const isNamespace = at.group === '' && at.resource === 'namespaces';
    const given = { namespace: at.namespace || (isNamespace ? name : ''), name, apiGroup: at.group };
    const { resource, version: apiVersion, subresource } = at;
    return { resource, ...present(given), apiVersion, ...present({ subresource }) };
  }

  #sentName(): string {
    const body = this.#requestBody();
    const metadata = isObject(body) ? body['metadata'] : undefined;
    return isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  }

  #requestBody(): unknown {
    return parsed(this.#body, this.#of.request.headers['content-type']);
  }

  #outcome(): Pick<AuditEvent, 'responseStatus' | 'requestObject' | 'responseObject'> {
    const { level, omitManagedFields } = this.#decision;
    const shown = (value: unknown): unknown => (omitManagedFields ? withoutManagedFields(value) : value);
    const answer = this.#readAnswer();
    const sent = tells(level, 'Request') && withBody.has(this.#of.info.verb) ? this.#requestBody() : undefined;
    return {
      responseStatus: { metadata: {}, ...statusFields(answer), code: this.#of.response.statusCode },
      ...(sent !== undefined && { requestObject: shown(sent) }),
      ...(tells(level, 'RequestResponse') && answer !== undefined && { responseObject: shown(answer) }),
    };
  }

  /** Read only when it is told, or is a Status, which is short. */
  #readAnswer(): unknown {
    const isFailure = this.#of.response.statusCode >= 400;
    const isRead = tells(this.#decision.level, 'RequestResponse') || isFailure || this.#looksLikeStatus();
    return isRead ? parsed(this.#answer) : undefined;
  }

  #looksLikeStatus(): boolean {
    return this.#answer?.subarray(0, 60).includes('"Status"') ?? false;
  }
}

function statusFields(answer: unknown): JsonObject {
  if (!isObject(answer) || answer['kind'] !== 'Status') return {};
  return Object.fromEntries(Object.entries(answer).filter(([key]) => key !== 'kind' && key !== 'apiVersion'));
}

/** RFC 3339 with microseconds, as events carry it. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

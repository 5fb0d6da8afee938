import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { ApiError, toStatus } from '@kit/base';
import type { Status } from '@kit/base';
import { writeYaml } from '../codec/write-yaml.ts';
import type { Json } from '../schema/schema.ts';
import { GivenStatus } from '../store/given-status.ts';
import type { Upgrade } from './accept-upgrades.ts';
import { indentJson } from './indent-json.ts';
import { wantsPretty } from './wants-pretty.ts';
import { ExpiredContinue } from '../store/continue-token.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Form } from './negotiate.ts';
import { protobufOf } from './protobuf-answer.ts';

const gzipped = promisify(gzip);
/** Smaller answers are not worth the work. */
const compressFrom = 128 << 10;

/** One request with the means to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The format of a success. */
  readonly format: Form['format'];
  /** The format of a failure: a kind may lack what the client asks for first. */
  readonly errorFormat: Form['format'];
  readonly warnings: readonly string[];
  readonly requestId: string;
  /** The record of this request, where somebody wants one. */
  readonly audit?: AuditTrail;
  /** Set when the client asks for another protocol on this connection. */
  readonly upgrade?: Upgrade;
}

function warningHeaders(warnings: readonly string[]): string[] {
  return [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`);
}

async function send(exchange: Exchange, status: number, content: { type: string; bytes: Buffer }): Promise<void> {
  const { request, response, warnings } = exchange;
  response.setHeader('Cache-Control', 'no-cache, private');
  response.setHeader('Content-Type', content.type);
  response.setHeader('Audit-Id', exchange.requestId);
  exchange.audit?.answered(content.bytes);
  const texts = warningHeaders(warnings);
  if (texts.length > 0) response.setHeader('Warning', texts);
  let { bytes } = content;
  if (bytes.length > compressFrom && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    bytes = await gzipped(bytes, { level: 1 });
    response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Vary', 'Accept-Encoding');
  }
  response.writeHead(status, { 'Content-Length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const mediaTypes = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
} as const satisfies Record<Form['format'], string>;

/** An answer encoded in the format of the exchange already, but for YAML, which is made of its JSON. */
export function sendBytes(exchange: Exchange, status: number, bytes: Buffer): Promise<void> {
  const { format } = exchange;
  if (format === 'json' && wantsPretty(exchange.request))
    return send(exchange, status, { type: mediaTypes.json, bytes: Buffer.from(indentJson(bytes.toString())) });
  if (format !== 'yaml') return send(exchange, status, { type: mediaTypes[format], bytes });
  const text = writeYaml(JSON.parse(bytes.toString()) as Json); // our own answer
  return send(exchange, status, { type: mediaTypes.yaml, bytes: Buffer.from(text) });
}

/** An object of the API; one that has no protobuf message is sent as JSON. */
export function sendObject(exchange: Exchange, status: number, value: object): Promise<void> {
  const bytes = exchange.format === 'protobuf' ? protobufOf(value) : undefined;
  if (bytes) return sendBytes(exchange, status, bytes);
  const format = exchange.format === 'protobuf' ? 'json' : exchange.format;
  return sendBytes({ ...exchange, format }, status, Buffer.from(JSON.stringify(value)));
}

export function sendText(exchange: Exchange, status: number, text: string): Promise<void> {
  return send(exchange, status, { type: 'text/plain; charset=utf-8', bytes: Buffer.from(text) });
}

/** Any content of its own type, e.g. aggregated discovery. */
export function sendTyped(exchange: Exchange, type: string, value: object): Promise<void> {
  return send(exchange, 200, { type, bytes: Buffer.from(JSON.stringify(value)) });
}

/** A document that is always written for people. */
export function sendPretty(exchange: Exchange, value: object): Promise<void> {
  return send(exchange, 200, { type: mediaTypes.json, bytes: Buffer.from(JSON.stringify(value, null, 2)) });
}

function withoutReason({ kind, apiVersion, metadata, status, message, details, code }: Status): Status {
  return { kind, apiVersion, metadata, status, message, ...(details && { details }), code };
}

/** The Status of any failure. */
export function statusOf(error: unknown, requestId: string): Status {
  const status = toStatus(error, requestId);
  if (error instanceof GivenStatus)
    return { ...withoutReason(status), ...(error.givenReason && { reason: error.givenReason }) };
  // The real server gives no reason where it calls a client's mistake an error of its own.
  if (status.code === 500 && error instanceof ApiError) return withoutReason(status);
  return error instanceof ExpiredContinue ? { ...status, metadata: { continue: error.continueWith } } : status;
}

export async function sendError(exchange: Exchange, error: unknown): Promise<void> {
  const status = statusOf(error, exchange.requestId);
  const { retryAfterSeconds } = status.details ?? {};
  if (retryAfterSeconds) exchange.response.setHeader('Retry-After', String(retryAfterSeconds));
  await sendObject({ ...exchange, format: exchange.errorFormat }, status.code, status);
}

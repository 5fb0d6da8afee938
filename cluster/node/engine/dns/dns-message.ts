/** Types of records, by their number on the wire. */
export const recordTypes = { A: 1, CNAME: 5, SOA: 6, PTR: 12, AAAA: 28, SRV: 33, ANY: 255 } as const;

export interface Question {
  readonly name: string;
  readonly type: number;
}

export type RecordData =
  | { readonly type: 'A'; readonly address: string }
  | { readonly type: 'CNAME' | 'PTR'; readonly target: string }
  | { readonly type: 'SRV'; readonly port: number; readonly target: string };

export interface DnsRecord {
  readonly name: string;
  readonly data: RecordData;
}

export type Outcome = 'found' | 'no such name' | 'failed' | 'not done';

const codes: Record<Outcome, number> = { found: 0, failed: 2, 'no such name': 3, 'not done': 4 };
const headerBytes = 12;
const internetClass = 1;
const ttlSeconds = 5;
const longestLabel = 63;

/** The one question of a query; undefined for anything else. */
export function readQuestion(message: Buffer): { question: Question; end: number } | undefined {
  if (message.length < headerBytes || (message.readUInt16BE(2) & 0x8000) !== 0 || message.readUInt16BE(4) !== 1)
    return undefined;
  const labels: string[] = [];
  let at = headerBytes;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > longestLabel) return undefined;
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return undefined;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length) return undefined;
  return { question: { name: labels.join('.'), type: message.readUInt16BE(at) }, end: at + 4 };
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter(Boolean);
  const parts = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function dataBytes(data: RecordData): Buffer {
  if (data.type === 'A') return Buffer.from(data.address.split('.').map(Number));
  if (data.type !== 'SRV') return nameBytes(data.target);
  const head = Buffer.alloc(6);
  head.writeUInt16BE(0, 0); // priority
  head.writeUInt16BE(100, 2); // weight
  head.writeUInt16BE(data.port, 4);
  return Buffer.concat([head, nameBytes(data.target)]);
}

function recordBytes({ name, data }: DnsRecord): Buffer {
  const value = dataBytes(data);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(recordTypes[data.type], 0);
  head.writeUInt16BE(internetClass, 2);
  head.writeUInt32BE(ttlSeconds, 4);
  head.writeUInt16BE(value.length, 8);
  return Buffer.concat([nameBytes(name), head, value]);
}

// Who asks for a name that is not there remembers it only as long as this says.
function authority(zone: string): Buffer {
  const numbers = Buffer.alloc(20);
  [1, 7200, 1800, 86_400, ttlSeconds].forEach((value, index) => numbers.writeUInt32BE(value, index * 4));
  const value = Buffer.concat([nameBytes(`ns.dns.${zone}`), nameBytes(`hostmaster.${zone}`), numbers]);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(recordTypes.SOA, 0);
  head.writeUInt16BE(internetClass, 2);
  head.writeUInt32BE(ttlSeconds, 4);
  head.writeUInt16BE(value.length, 8);
  return Buffer.concat([nameBytes(zone), head, value]);
}

export interface Reply {
  readonly outcome: Outcome;
  readonly records: readonly DnsRecord[];
  /** The zone that is answered for. */
  readonly zone?: string;
  /** The most bytes that may be sent; what is longer is asked for again over TCP. */
  readonly mostBytes: number;
}

/** The answer to a query whose question ends at `end`. */
export function encodeReply(query: Buffer, end: number, { outcome, records, zone, mostBytes }: Reply): Buffer {
  const answers = records.map(recordBytes);
  const authorities = records.length === 0 && zone ? [authority(zone)] : [];
  const whole = Buffer.concat([query.subarray(0, end), ...answers, ...authorities]);
  const isCut = whole.length > mostBytes;
  const message = isCut ? Buffer.from(query.subarray(0, end)) : whole;
  const asked = query.readUInt16BE(2) & 0x0100;
  message.writeUInt16BE(0x8480 | asked | (isCut ? 0x0200 : 0) | codes[outcome], 2);
  message.writeUInt16BE(1, 4);
  message.writeUInt16BE(isCut ? 0 : answers.length, 6);
  message.writeUInt16BE(isCut ? 0 : authorities.length, 8);
  message.writeUInt16BE(0, 10);
  return message;
}

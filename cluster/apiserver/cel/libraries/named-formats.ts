import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  qualifiedName,
} from '../../kinds/validation/format.ts';
import { functionTable, type FunctionRow, type FunctionTable } from '../functions/function-table.ts';
import { parseTimestamp } from '../values/time.ts';
import { readType } from '../types/cel-type.ts';
import { OptionalValue, type OpaqueValue, type Value } from '../values/value.ts';
import { readUrl } from './urls.ts';

type Check = (text: string) => string[];

class NamedFormat implements OpaqueValue {
  readonly celType = readType('kubernetes.NamedFormat');
  readonly name: string;
  readonly check: Check;
  /** How long the pattern behind it is taken to be when costs are counted. */
  readonly patternSize: number;

  constructor(name: string, patternSize: number, check: Check) {
    this.name = name;
    this.patternSize = patternSize;
    this.check = check;
  }

  equals(other: Value): boolean {
    return other instanceof NamedFormat && other.name === this.name;
  }
}

/** A prefix may end with a dash: the rest of the name comes later. */
const prefix =
  (check: Check): Check =>
  (text) =>
    check(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);
const either =
  (problem: string, holds: (text: string) => boolean): Check =>
  (text) =>
    holds(text) ? [] : [problem];
const day = /^\d{4}-\d{2}-\d{2}$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

const uri: Check = (text) => {
  const read = readUrl(text);
  return 'problem' in read ? [read.problem] : [];
};

const formats: readonly NamedFormat[] = [
  new NamedFormat('dns1123Label', 30, dns1123Label),
  new NamedFormat('dns1123Subdomain', 60, dns1123Subdomain),
  new NamedFormat('dns1035Label', 30, dns1035Label),
  new NamedFormat('qualifiedName', 60, (text) =>
    qualifiedName(text).map((problem) => problem.replace('a qualified name must', 'a valid label key must')),
  ),
  new NamedFormat('dns1123LabelPrefix', 30, prefix(dns1123Label)),
  new NamedFormat('dns1123SubdomainPrefix', 60, prefix(dns1123Subdomain)),
  new NamedFormat('dns1035LabelPrefix', 30, prefix(dns1035Label)),
  new NamedFormat('labelValue', 40, labelValue),
  new NamedFormat('uri', 1000, uri),
  new NamedFormat(
    'uuid',
    70,
    either('does not match the UUID format', (text) =>
      /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
    ),
  ),
  new NamedFormat(
    'byte',
    100,
    either('invalid base64', (text) => base64.test(text)),
  ),
  new NamedFormat(
    'date',
    200,
    either('invalid date', (text) => day.test(text) && parseTimestamp(`${text}T00:00:00Z`) !== undefined),
  ),
  new NamedFormat(
    'datetime',
    200,
    either('invalid datetime', (text) => parseTimestamp(text) !== undefined),
  ),
];
const byName = new Map(formats.map((format) => [format.name, format]));
const self = 'kubernetes.NamedFormat';

/** How long the pattern of a format is taken to be; nothing for other values. */
export function patternSizeOf(value: Value | undefined): number | undefined {
  return value instanceof NamedFormat ? value.patternSize : undefined;
}

function validate(format: NamedFormat, text: string): OptionalValue {
  const problems = format.check(text);
  return problems.length === 0 ? OptionalValue.none : new OptionalValue(problems);
}

function named(name: string): OptionalValue {
  const format = byName.get(name);
  return format ? new OptionalValue(format) : OptionalValue.none;
}

/** Formats with names, and what is wrong with a text that should have one. */
export const formatTable: FunctionTable = functionTable([
  ['validate', `${self}.(string): optional<list<string>>`, validate],
  ['format.named', `(string): optional<${self}>`, named],
  ...formats.map((format): FunctionRow => [`format.${format.name}`, `(): ${self}`, () => format]),
]);

import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, record, texts } from '../rules/set-default.ts';
import { duplicate, eachItem, eachText, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1035Label, dns1123Subdomain, portNumber, qualifiedName } from './format.ts';
import { validateConditionExpression } from './policy-expressions.ts';
import { checkFormat } from './object-meta.ts';
import { validateRuleWithOperations } from './admission-rule.ts';
import { validateSelector } from './selector.ts';

const longestTimeoutSeconds = 30;

/** What is wrong with a webhook configuration of either kind. */
export function validateWebhooks(configuration: ClusterObject): Cause[] {
  const names = new Set<string>();
  return eachItem(configuration['webhooks'], 'webhooks', (webhook, field) => {
    const name = optionalText(webhook['name']);
    const causes = validateWebhook(webhook, field);
    if (name && names.has(name)) causes.push(duplicate(`${field}.name`, name));
    names.add(name);
    return causes;
  });
}

function validateWebhook(webhook: JsonObject, field: string): Cause[] {
  const name = optionalText(webhook['name']);
  const timeout = webhook['timeoutSeconds'];
  const badTimeout = typeof timeout === 'number' && (timeout < 1 || timeout > longestTimeoutSeconds);
  return [
    ...validateWebhookName(name, `${field}.name`),
    ...eachItem(webhook['rules'], `${field}.rules`, validateRuleWithOperations),
    ...validateChoice(webhook, 'failurePolicy', { field, supported: ['Fail', 'Ignore'] }),
    ...validateChoice(webhook, 'matchPolicy', { field, supported: ['Equivalent', 'Exact'] }),
    ...(webhook['sideEffects'] === undefined || webhook['sideEffects'] === null
      ? [required(`${field}.sideEffects`, 'must specify one of None, NoneOnDryRun')]
      : validateChoice(webhook, 'sideEffects', { field, supported: ['None', 'NoneOnDryRun'] })),
    ...(badTimeout
      ? [invalid(`${field}.timeoutSeconds`, timeout, 'the timeout value must be between 1 and 30 seconds')]
      : []),
    ...validateSelector(webhook['namespaceSelector'], `${field}.namespaceSelector`),
    ...validateSelector(webhook['objectSelector'], `${field}.objectSelector`),
    ...validateClientConfig(fieldsIn(webhook['clientConfig']), `${field}.clientConfig`),
    ...validateReviewVersions(webhook['admissionReviewVersions'], `${field}.admissionReviewVersions`),
    ...validateChoice(webhook, 'reinvocationPolicy', { field, supported: ['IfNeeded', 'Never'] }),
    ...validateMatchConditions(webhook['matchConditions'], `${field}.matchConditions`),
  ];
}

function validateWebhookName(name: string, field: string): Cause[] {
  if (!name) return [required(field)];
  const causes = checkFormat(field, name, dns1123Subdomain);
  const note = 'should be a domain with at least three segments separated by dots';
  return causes.length === 0 && name.split('.').length < 3 ? [invalid(field, name, note)] : causes;
}

/** Which versions of the review a webhook understands: at least one that this server can send. */
export function validateReviewVersions(
  value: unknown,
  field: string,
  needed = 'must specify one of v1, v1beta1',
): Cause[] {
  const versions = texts(value);
  if (versions.length === 0) return [required(field, needed)];
  const seen = new Set<string>();
  const causes = eachText(value, field, (version, path) => {
    const problems = checkFormat(path, version, dns1035Label);
    if (seen.has(version)) problems.push(invalid(path, version, 'duplicate version'));
    seen.add(version);
    return problems;
  });
  const known = versions.some((version) => version === 'v1' || version === 'v1beta1');
  return known ? causes : [...causes, invalid(field, versions, 'must include at least one of v1, v1beta1')];
}

/** Where a webhook is: a URL, or a Service. */
export function validateClientConfig(config: JsonObject, field: string): Cause[] {
  const { url } = config;
  const service = record(config['service']);
  if ((url === undefined) === (service === undefined))
    return [required(field, 'exactly one of url or service is required')];
  return service ? validateService(service, `${field}.service`) : validateUrl(optionalText(url), `${field}.url`);
}

const urlForm = 'desired format: https://host[/path]';

/** The parts of a URL as Go reads them: a text without a scheme is a path. */
interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly user: string;
  readonly query: string;
  readonly fragment: string;
}

function partsOf(text: string): UrlParts {
  const [, scheme = '', rest = text] = /^([a-zA-Z][-+.a-zA-Z0-9]*):(.*)$/s.exec(text) ?? [];
  const [beforeFragment = '', fragment = ''] = rest.split('#', 2);
  const [hierarchy = '', query = ''] = beforeFragment.split('?', 2);
  const authority = /^\/\/([^/]*)/.exec(hierarchy)?.[1] ?? '';
  const at = authority.lastIndexOf('@');
  return { scheme, host: authority.slice(at + 1), user: authority.slice(0, Math.max(at, 0)), query, fragment };
}

function validateUrl(text: string, field: string): Cause[] {
  const { scheme, host, user, query, fragment } = partsOf(text);
  const rules: readonly (readonly [isBroken: boolean, shown: string, note: string])[] = [
    [scheme !== 'https', scheme, "'https' is the only allowed URL scheme"],
    [host === '', host, 'host must be specified'],
    [user !== '', user, 'user information is not permitted in the URL'],
    [fragment !== '', fragment, 'fragments are not permitted in the URL'],
    [query !== '', query, 'query parameters are not permitted in the URL'],
  ];
  return rules
    .filter(([isBroken]) => isBroken)
    .map(([, shown, note]) => invalid(field, shown, note.includes('permitted') ? note : `${note}; ${urlForm}`));
}

function validateService(service: JsonObject, field: string): Cause[] {
  const { path, port = 443 } = service;
  // The messages name the other field, as those of the real server do.
  return [
    ...(service['name'] ? [] : [required(`${field}.namespace`)]),
    ...(service['namespace'] ? [] : [required(`${field}.name`)]),
    ...portNumber(Number(port)).map((problem) => invalid(`${field}.port`, port, `port is not valid: ${problem}`)),
    ...(!path ? [] : validatePath(optionalText(path), `${field}.path`)),
  ];
}

function validatePath(path: string, field: string): Cause[] {
  if (path === '/') return [];
  const causes = path.startsWith('/') ? [] : [invalid(field, path, "must start with a '/'")];
  if (path.includes('//')) causes.push(invalid(field, path, `segment[${segmentOf(path)}] may not be empty`));
  const segments = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '') continue;
    causes.push(...dns1123Subdomain(segment).map((problem) => invalid(field, path, `segment[${index}]: ${problem}`)));
  }
  return causes;
}

function segmentOf(path: string): number {
  return path.slice(1).split('/').indexOf('');
}

const mostConditions = 64;

/** Conditions under which a webhook or a policy is asked at all; those of policies may speak of parameters. */
export function validateMatchConditions(value: unknown, field: string, hasParams = false): Cause[] {
  const names = new Set<string>();
  const causes = eachItem(value, field, (condition, path) => {
    const [name, expression] = [optionalText(condition['name']), optionalText(condition['expression'])];
    const found = expression.trim()
      ? validateConditionExpression(expression, `${path}.expression`, hasParams)
      : [required(`${path}.expression`)];
    if (!name) return [...found, required(`${path}.name`)];
    found.push(...checkFormat(`${path}.name`, name, qualifiedName));
    if (names.has(name)) found.push(duplicate(`${path}.name`, name));
    names.add(name);
    return found;
  });
  const count = Array.isArray(value) ? value.length : 0;
  if (count <= mostConditions) return causes;
  return [
    { field, message: `Too many: ${count}: must have at most ${mostConditions} items`, reason: 'FieldValueTooMany' },
  ];
}

/** A text that has to be one of a few, and has to be there. */
export function validateNeededChoice(value: unknown, field: string, supported: readonly string[]): Cause[] {
  if (!value) return [required(field)];
  return supported.includes(optionalText(value)) ? [] : [notSupported(field, value, supported)];
}

import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record, textOf, texts } from '../rules/set-default.ts';
import { at, duplicate, forbidden, invalid, notSupported, required, tooMany } from './cause.ts';
import { dns1035Label, dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateCrdSchema } from './crd-schema.ts';
import { validateClientConfig, validateNeededChoice, validateReviewVersions } from './webhook.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

/** What is wrong with a CustomResourceDefinition. */
export function validateCrd(crd: ClusterObject): Cause[] {
  const spec = record(crd['spec']) ?? {};
  const names = record(spec['names']) ?? {};
  const versions = items(spec['versions']);
  const expected = `${textOf(names['plural'] ?? '')}.${textOf(spec['group'] ?? '')}`;
  return [
    ...(crd.metadata.name && crd.metadata.name !== expected
      ? [invalid('metadata.name', crd.metadata.name, 'must be spec.names.plural+"."+spec.group')]
      : []),
    ...validateGroup(textOf(spec['group'] ?? '')),
    ...validateScope(spec['scope']),
    ...validateVersions(spec['versions'], versions),
    ...validateNames(names, 'spec.names'),
    ...validateConversion(record(spec['conversion'])),
    ...versions.flatMap((version, index) =>
      validateContent(version, versions.length === 1 ? 'spec' : at('spec.versions', index)),
    ),
    ...versions.flatMap((version, index) => validateHasSchema(version, at('spec.versions', index))),
    ...validateStoredVersions(crd),
  ];
}

function validateGroup(group: string): Cause[] {
  if (!group) return [required('spec.group')];
  const causes = checkFormat('spec.group', group, dns1123Subdomain);
  if (causes.length === 0 && !group.includes('.'))
    causes.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  return causes;
}

function validateScope(scope: unknown): Cause[] {
  if (!scope) return [required('spec.scope')];
  return scope === 'Cluster' || scope === 'Namespaced'
    ? []
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

function validateVersions(sent: unknown, versions: readonly JsonObject[]): Cause[] {
  const causes = versions.flatMap(({ name = '' }, index) =>
    checkFormat(`${at('spec.versions', index)}.name`, textOf(name), dns1035Label),
  );
  const shown = Array.isArray(sent) ? versions.map(goVersion) : null;
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    causes.push(invalid('spec.versions', shown, 'must contain unique version names'));
  const stored = versions.filter(({ storage }) => storage === true);
  if (stored.length !== 1)
    causes.push(invalid('spec.versions', shown, 'must have exactly one version marked as storage version'));
  return causes;
}

/** The real server shows the struct it decoded to, after the parts that all versions share were moved out of it. */
function goVersion({
  name = '',
  served = false,
  storage = false,
  deprecated = false,
  deprecationWarning = null,
}: JsonObject): object {
  return {
    Name: name,
    Served: served,
    Storage: storage,
    Deprecated: deprecated,
    DeprecationWarning: deprecationWarning,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  };
}

function validateNames(names: JsonObject, field: string): Cause[] {
  return [
    ...['plural', 'singular'].flatMap((name) =>
      validateName(names[name], { field: `${field}.${name}`, mixedCase: false }),
    ),
    ...['kind', 'listKind'].flatMap((name) =>
      validateName(names[name], { field: `${field}.${name}`, mixedCase: true }),
    ),
    ...['shortNames', 'categories'].flatMap((list) =>
      texts(names[list]).flatMap((text, index) => checkFormat(at(`${field}.${list}`, index), text, dns1035Label)),
    ),
    ...(names['kind'] && names['kind'] === names['listKind']
      ? [invalid(`${field}.listKind`, names['listKind'], 'kind and listKind may not be the same')]
      : []),
  ];
}

function validateName(value: unknown, { field, mixedCase }: { field: string; mixedCase: boolean }): Cause[] {
  const text = textOf(value ?? '');
  if (!text) return [required(field)];
  if (!mixedCase) return checkFormat(field, text, dns1035Label);
  return dns1035Label(text.toLowerCase()).map((problem) =>
    invalid(field, text, `may have mixed case, but should otherwise match: ${problem}`),
  );
}

/** How objects get from one version to another. Messages call the parts by their places in the server's own form. */
function validateConversion(conversion: JsonObject | undefined): Cause[] {
  if (!conversion) return [];
  const strategy = textOf(conversion['strategy'] ?? '');
  const webhook = record(conversion['webhook']);
  const field = 'spec.conversion';
  if (strategy === 'Webhook') return validateConversionWebhook(webhook, field);
  const closed = 'should not be set when strategy is not set to Webhook';
  return [
    ...validateNeededChoice(strategy, `${field}.strategy`, ['None', 'Webhook']),
    ...(record(webhook?.['clientConfig']) ? [forbidden(`${field}.webhookClientConfig`, closed)] : []),
    ...(texts(webhook?.['conversionReviewVersions']).length > 0
      ? [forbidden(`${field}.conversionReviewVersions`, closed)]
      : []),
  ];
}

function validateConversionWebhook(webhook: JsonObject | undefined, field: string): Cause[] {
  const config = record(webhook?.['clientConfig']);
  const path = `${field}.webhookClientConfig`;
  return [
    ...(config ? validateClientConfig(config, path) : [required(path, 'required when strategy is set to Webhook')]),
    ...validateReviewVersions(webhook?.['conversionReviewVersions'], `${field}.conversionReviewVersions`, ''),
  ];
}

function validateHasSchema(version: JsonObject, field: string): Cause[] {
  return record(record(version['schema'])?.['openAPIV3Schema']) ? [] : [required(`${field}.schema.openAPIV3Schema`)];
}

/** The schema and the columns; with one version, messages speak of them as of the definition's own. */
function validateContent(version: JsonObject, field: string): Cause[] {
  const schema = record(record(version['schema'])?.['openAPIV3Schema']);
  const schemaField = field === 'spec' ? 'spec.validation.openAPIV3Schema' : `${field}.schema.openAPIV3Schema`;
  return [
    ...(schema ? validateCrdSchema(schema, schemaField) : []),
    ...validateDeprecation(version, field),
    ...validateScale(record(record(version['subresources'])?.['scale']), `${field}.subresources.scale`),
    ...validateSelectable(version, schema, field),
    ...items(version['additionalPrinterColumns']).flatMap((column, index) =>
      validateColumn(column, at(`${field}.additionalPrinterColumns`, index)),
    ),
  ];
}

function validateDeprecation({ deprecated, deprecationWarning: warning }: JsonObject, field: string): Cause[] {
  if (warning === undefined || warning === null) return [];
  const path = `${field}.deprecationWarning`;
  if (deprecated !== true) return [invalid(path, warning, 'can only be set for deprecated versions')];
  return warning === '' ? [invalid(path, warning, 'must not be an empty string')] : [];
}

const pathForm = 'must be a simple json path starting with .';

function validateScale(scale: JsonObject | undefined, field: string): Cause[] {
  if (!scale) return [];
  const under = (name: string, root: string): Cause[] => {
    const [path, value] = [`${field}.${name}`, textOf(scale[name] ?? '')];
    if (!value) return [required(path)];
    if (!/^\.[^\s]/.test(value)) return [invalid(path, value, pathForm)];
    return value.startsWith(root) ? [] : [invalid(path, value, `should be a json path under ${root}`)];
  };
  const selector = textOf(scale['labelSelectorPath'] ?? '');
  const selectorPath = `${field}.labelSelectorPath`;
  const selectorCauses = /^\.[^\s]/.test(selector) ? [] : [invalid(selectorPath, selector, pathForm)];
  return [
    ...under('specReplicasPath', '.spec'),
    ...under('statusReplicasPath', '.status'),
    ...(selector ? selectorCauses : []),
  ];
}

const mostSelectable = 8;

/** Fields that a list can be narrowed by: simple values at places the schema knows. */
function validateSelectable(version: JsonObject, schema: JsonObject | undefined, field: string): Cause[] {
  const list = items(version['selectableFields']);
  const path = `${field}.selectableFields`;
  if (list.length === 0) return [];
  if (!record(schema?.['properties']))
    return [invalid(path, '', 'may only be set when `version.schema.openAPIV3Schema` is not included')];
  const seen = new Set<string>();
  const causes = list.length > mostSelectable ? [tooMany(path, list.length, mostSelectable)] : [];
  return [
    ...causes,
    ...list.flatMap(({ jsonPath }, index) => {
      const [place, text] = [`${at(path, index)}.jsonPath`, textOf(jsonPath ?? '')];
      if (!text) return [required(place)];
      if (seen.has(text)) return [duplicate(place, text)];
      seen.add(text);
      return validateSelectablePath(text, schema, place);
    }),
  ];
}

function validateSelectablePath(text: string, schema: JsonObject | undefined, field: string): Cause[] {
  if (!text.startsWith('.')) return [invalid(field, text, `is an invalid path: expected [ or . but got: ${text}`)];
  let found = schema;
  for (const name of text.slice(1).split('.')) found = record(record(found?.['properties'])?.[name]);
  if (!found) return [invalid(field, text, 'is an invalid path: does not refer to a valid field')];
  if (['string', 'boolean', 'integer'].includes(textOf(found['type'] ?? ''))) return [];
  const note =
    'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
  return [invalid(field, text, note)];
}

function validateColumn({ name, type, jsonPath }: JsonObject, field: string): Cause[] {
  const oneOf = `must be one of ${columnTypes.join(',')}`;
  const causes = name ? [] : [required(`${field}.name`)];
  if (!type) causes.push(required(`${field}.type`, oneOf));
  else if (!columnTypes.includes(textOf(type))) causes.push(invalid(`${field}.type`, type, oneOf));
  if (!jsonPath) causes.push(required(`${field}.JSONPath`));
  else if (!/^\.[^\s]/.test(textOf(jsonPath)))
    causes.push(invalid(`${field}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
  return causes;
}

function validateStoredVersions(crd: ClusterObject): Cause[] {
  const stored = record(crd['status'])?.['storedVersions'];
  const list = texts(stored);
  if (list.length === 0) return [invalid('status.storedVersions', null, 'must have at least one stored version')];
  const known = new Set(items(record(crd['spec'])?.['versions']).map(({ name }) => textOf(name)));
  return list.flatMap((version, index) =>
    known.has(version)
      ? []
      : [
          invalid(
            at('status.storedVersions', index),
            version,
            'missing from spec.versions; this version must remain in spec.versions until all its objects are stored in another one',
          ),
        ],
  );
}

/** Group, scope and names of a definition that has been accepted are for ever. */
export function validateCrdUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [record(next['spec']) ?? {}, record(old['spec']) ?? {}];
  const established = items(record(old['status'])?.['conditions']).some(
    (c) => c['type'] === 'Established' && c['status'] === 'True',
  );
  const fixed: [string, unknown, unknown][] = [['spec.group', after['group'], before['group']]];
  if (established) {
    fixed.push(['spec.scope', after['scope'], before['scope']]);
    fixed.push(['spec.names.kind', record(after['names'])?.['kind'], record(before['names'])?.['kind']]);
  }
  fixed.push(['spec.names.plural', record(after['names'])?.['plural'], record(before['names'])?.['plural']]);
  return fixed.filter(([, a, b]) => a !== b).map(([field, value]) => invalid(field, value, 'field is immutable'));
}

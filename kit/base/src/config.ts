import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';

/** All problems of a configuration at once, one sentence each, so that it is mended in one go. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.join('; ')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Plain values checked against `schema`, with its defaults filled in and text turned into numbers and booleans where
 * the schema asks for them. Throws one `ConfigError` that names every wrong or unknown key.
 */
export function readConfig<S extends TObject>(schema: S, values: Readonly<Record<string, unknown>>): Static<S> {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).filter((key) => !(key in schema.properties));
  const converted = Value.Convert(schema, Value.Default(schema, given));
  const problems = [
    ...unknown.map((key) => `"${key}" is not a known setting`),
    ...[...Value.Errors(schema, converted)].map(
      (e) => `"${e.instancePath.slice(1).replaceAll('/', '.')}" ${e.message}`,
    ),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return converted as Static<S>; // Value.Errors found none
}

import type { KindInfo } from '../kinds/kind-info.ts';
import { badRequest } from './api-errors.ts';

export interface FieldRequirement {
  readonly label: string;
  readonly value: string;
  readonly negated: boolean;
}

/** Splits at unescaped commas; `\` escapes `\`, `,` and `=`. */
function terms(text: string): string[] {
  return text.match(/(?:\\.|[^,\\])+/g) ?? [];
}

const unescape = (value: string): string => value.replace(/\\([\\,=])/g, '$1');

/** Parses the `fieldSelector` of a list or watch; throws `BadRequest` for labels the kind does not have. */
export function parseFieldSelector(text: string, kind: KindInfo): FieldRequirement[] {
  return terms(text).map((term) => {
    const [, label, operator, value] = /^([^=!]*)(==|!=|=)(.*)$/s.exec(term) ?? [];
    if (label === undefined || value === undefined)
      throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    if (!kind.strategy.fieldLabelNames.includes(label)) throw unknownLabel(label, kind);
    return { label, value: unescape(value), negated: operator === '!=' };
  });
}

/** Kinds without labels of their own word it in another way. */
function unknownLabel(label: string, kind: KindInfo): Error {
  const own = kind.strategy.fieldLabelNames.filter((name) => !name.startsWith('metadata.'));
  if (kind.builtin && own.length === 0) {
    return badRequest(`"${label}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  return badRequest(`field label not supported: ${label}`);
}

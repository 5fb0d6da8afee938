import type { Facet, KubeObject } from '@kit/kube';
import { fieldsOf, listOf, textOf, type Fields } from '../../contract/state.ts';

/** Where a word was found. */
export const searchedParts = ['name', 'label', 'image', 'annotation'] as const;
export type SearchedPart = (typeof searchedParts)[number];

const longestPart = 2000;
const longestAnnotation = 300;
/** Repeats the whole object, values of Secrets included. */
const applied = 'kubectl.kubernetes.io/last-applied-configuration';

function podTemplateOf(object: KubeObject): Fields {
  const spec = fieldsOf(object, 'spec');
  const job = fieldsOf(fieldsOf(spec, 'jobTemplate'), 'spec');
  const template = fieldsOf(Object.keys(job).length > 0 ? job : spec, 'template');
  return Object.keys(template).length > 0 ? fieldsOf(template, 'spec') : spec;
}

function imagesOf(object: KubeObject): string[] {
  const pod = podTemplateOf(object);
  const containers = [...listOf(pod, 'initContainers'), ...listOf(pod, 'containers')];
  return [...new Set(containers.map((container) => textOf(container, 'image')).filter((image) => image !== ''))];
}

const pairs = (map: Readonly<Record<string, string>> | undefined): string[] =>
  Object.entries(map ?? {}).flatMap(([key, value]) =>
    key === applied || typeof value !== 'string' ? [] : `${key}=${value.slice(0, longestAnnotation)}`,
  );

/** On one line, since lines part the parts. */
function line(words: readonly string[]): string {
  return words
    .join(' ')
    .replaceAll(/[\n\r]+/g, ' ')
    .slice(0, longestPart)
    .toLowerCase();
}

/**
 * What a search looks at in an object, in lower case, a line for each part. Of a Secret that is its name and labels:
 * tools keep values in annotations.
 */
export const searchFacet: Facet<string> = {
  name: 'search',
  of: (object) => {
    const { name, labels, annotations } = object.metadata;
    const shown = object.kind === 'Secret' ? undefined : annotations;
    return [[name], pairs(labels), imagesOf(object), pairs(shown)].map(line).join('\n');
  },
};

/** The part of a search text that a place in it is in. */
export function partAt(text: string, place: number): SearchedPart {
  let part = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < place; at = text.indexOf('\n', at + 1)) part++;
  return searchedParts[part] ?? 'annotation';
}

/** The word around a place, for a reader to see why it was found. */
export function wordAt(text: string, place: number): string {
  const start = Math.max(text.lastIndexOf(' ', place), text.lastIndexOf('\n', place)) + 1;
  const end = text.slice(place).search(/[ \n]/);
  return text.slice(start, end < 0 ? undefined : place + end).slice(0, 200);
}

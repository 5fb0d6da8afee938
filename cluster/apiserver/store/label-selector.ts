import { badRequest } from './api-errors.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

/** A parsed label selector. */
export interface LabelSelector {
  readonly empty: boolean;
  matches(labels: Labels): boolean;
}

interface Tokens {
  /** The next token without taking it; '' at the end. */
  peek(): string;
  take(): string;
}

const symbol = /^(==|!=|=|!|\(|\)|,|<|>)/;
const word = /^[^\s=!(),<>]+/;

function tokensOf(text: string): Tokens {
  const tokens: string[] = [];
  for (let rest = text.trimStart(); rest !== ''; rest = rest.trimStart()) {
    const token = symbol.exec(rest)?.[0] ?? word.exec(rest)?.[0] ?? rest;
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  let at = 0;
  return { peek: () => tokens[at] ?? '', take: () => tokens[at++] ?? '' };
}

const isWord = (token: string): boolean => token !== '' && !symbol.test(token);
const unexpected = (token: string, expected: string): Error => badRequest(`found '${token}', expected: ${expected}`);
const cannotParse = (token: string, expected: string): Error =>
  badRequest(`unable to parse requirement: found '${token}', expected: ${expected}`);

const keyPattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function requireKey(key: string): string {
  if (!keyPattern.test(key))
    throw badRequest(`unable to parse requirement: <nil>: Invalid value: "${key}": is not a valid label key`);
  return key;
}

/** `(a, b)`; an empty pair of brackets holds the empty string. */
function valueSet(tokens: Tokens): Set<string> {
  if (tokens.peek() !== '(') throw cannotParse(tokens.peek(), "'('");
  tokens.take();
  const values = new Set<string>();
  for (;;) {
    if (isWord(tokens.peek())) values.add(tokens.take());
    else if (tokens.peek() === ')' || tokens.peek() === ',') values.add('');
    else throw cannotParse(tokens.peek(), "',', ')' or identifier");
    const separator = tokens.take();
    if (separator === ')') return values;
    if (separator !== ',') throw cannotParse(separator, "',' or ')'");
  }
}

const oneValue = (tokens: Tokens): string => (isWord(tokens.peek()) ? tokens.take() : '');

function compare(key: string, tokens: Tokens, holds: (label: bigint, bound: bigint) => boolean): Requirement {
  const text = oneValue(tokens);
  const integer = /^[+-]?\d+$/;
  if (!integer.test(text)) {
    throw badRequest(
      `unable to parse requirement: values[0]: Invalid value: "${text}": for 'Gt', 'Lt' operators, the value must be an integer`,
    );
  }
  const bound = BigInt(text);
  return (labels) => {
    const label = labels[key];
    return label !== undefined && integer.test(label) && holds(BigInt(label), bound);
  };
}

function requirement(tokens: Tokens): Requirement {
  const first = tokens.take();
  if (first === '!') {
    const absent = requireKey(tokens.take());
    return (labels) => !(absent in labels);
  }
  if (!isWord(first)) throw unexpected(first, "!, identifier, or 'end of string'");
  const key = requireKey(first);
  if (tokens.peek() === ',' || tokens.peek() === '') return (labels) => key in labels;
  return binary(key, tokens);
}

function binary(key: string, tokens: Tokens): Requirement {
  const operator = tokens.take();
  switch (operator) {
    case '=':
    case '==': {
      const value = oneValue(tokens);
      return (labels) => labels[key] === value;
    }
    case '!=': {
      const value = oneValue(tokens);
      return (labels) => labels[key] !== value;
    }
    case 'in': {
      const values = valueSet(tokens);
      return (labels) => key in labels && values.has(labels[key] ?? '');
    }
    case 'notin': {
      const values = valueSet(tokens);
      return (labels) => !(key in labels) || !values.has(labels[key] ?? '');
    }
    case '>':
      return compare(key, tokens, (label, bound) => label > bound);
    case '<':
      return compare(key, tokens, (label, bound) => label < bound);
    default:
      throw cannotParse(operator, 'in, notin, =, ==, !=, gt, lt');
  }
}

/** Parses the `labelSelector` of a list or watch; throws `BadRequest` that says what was found and what was expected. */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = tokensOf(text);
  const requirements: Requirement[] = [];
  while (tokens.peek() !== '') {
    requirements.push(requirement(tokens));
    if (tokens.peek() === '') break;
    const separator = tokens.take();
    if (separator !== ',') throw unexpected(separator, "',' or 'end of string'");
    if (tokens.peek() === '') throw unexpected('', "identifier after ','");
  }
  return {
    empty: requirements.length === 0,
    matches: (labels) => requirements.every((holds) => holds(labels)),
  };
}

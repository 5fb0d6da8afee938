import type { TemplateFunctions } from './template-value.ts';
import { TemplateError } from './template-value.ts';

/** Where an action runs: the dot, and the variables it can see. */
export class TemplateScope {
  readonly dot: unknown;
  readonly functions: TemplateFunctions;
  readonly #parent: TemplateScope | undefined;
  readonly #variables = new Map<string, unknown>();

  constructor(dot: unknown, functions: TemplateFunctions, parent?: TemplateScope) {
    this.dot = dot;
    this.functions = functions;
    this.#parent = parent;
    if (!parent) this.#variables.set('$', dot);
  }

  inner(dot: unknown = this.dot): TemplateScope {
    return new TemplateScope(dot, this.functions, this);
  }

  declare(name: string, value: unknown): void {
    this.#variables.set(name, value);
  }

  get(name: string): unknown {
    return this.#owner(name).#variables.get(name);
  }

  assign(name: string, value: unknown): void {
    this.#owner(name).#variables.set(name, value);
  }

  #owner(name: string): TemplateScope {
    if (this.#variables.has(name)) return this;
    if (this.#parent) return this.#parent.#owner(name);
    throw new TemplateError(`undefined variable ${JSON.stringify(name)}`);
  }
}

export type Evaluate = (scope: TemplateScope) => unknown;
export type Write = (scope: TemplateScope, out: string[]) => void;

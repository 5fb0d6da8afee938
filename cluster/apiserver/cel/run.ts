import { CelCancelled, type CelError, type Value } from './values/value.ts';

/** Gives the values of variables by name. */
export type Variables = (name: string) => Value | undefined;

/** One evaluation: its variables, and what it has cost so far. */
export class Run {
  readonly variables: Variables;
  readonly locals: (Value | CelError | undefined)[] = [];
  readonly limit: number;
  cost = 0;

  constructor(variables: Variables, limit: number) {
    this.variables = variables;
    this.limit = limit;
  }

  spend(cost: number): void {
    this.cost += cost;
    if (this.cost > this.limit) throw new CelCancelled('operation cancelled: actual cost limit exceeded');
  }
}

/** What came of an evaluation; the cost is known in any case. */
export type Outcome = { readonly cost: number } & (
  { readonly value: Value } | { readonly error: CelError | CelCancelled }
);

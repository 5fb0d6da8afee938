import type { Expr } from './ast.ts';

/** The nodes right below a node, in the order of the text. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.form) {
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expr.fields.map(({ value }) => value);
    case 'comprehension':
      return [expr.range, expr.init, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}

/** Shows every node to `see`, outer ones first. */
export function visitExpr(expr: Expr, see: (node: Expr) => void): void {
  see(expr);
  for (const child of childrenOf(expr)) visitExpr(child, see);
}

import type { ArithmeticBinary, ArithmeticExpression, ArithmeticUnary } from 'unbash';
import { ShellExit, type ShellState } from './shell-state.ts';

type Operation = (a: number, b: number) => number;

const divide =
  (operation: Operation): Operation =>
  (a, b) => {
    if (b === 0) throw new ShellExit(2, 'divide by zero');
    return operation(a, b);
  };

const truth = (value: boolean): number => (value ? 1 : 0);

const binary: Readonly<Record<string, Operation>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': divide((a, b) => Math.trunc(a / b)),
  '%': divide((a, b) => a % b),
  '**': (a, b) => a ** b,
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '&&': (a, b) => truth(a !== 0 && b !== 0),
  '||': (a, b) => truth(a !== 0 || b !== 0),
  ',': (_a, b) => b,
};

function wordValue(text: string, state: ShellState): number {
  const name = text.trim().replace(/^\$\{?(\w+)\}?$/, '$1');
  const known = /^[A-Za-z_]\w*$/.test(name) ? (state.variables.get(name) ?? '0') : name;
  const positional = /^\$\d$/.test(text.trim()) ? state.positional[Number(name)] : undefined;
  const value = Number(positional ?? (known || '0'));
  if (Number.isNaN(value)) throw new ShellExit(2, `arithmetic syntax error: ${text}`);
  return Math.trunc(value);
}

function assign(target: ArithmeticExpression, value: number, state: ShellState): number {
  if (target.type !== 'ArithmeticWord') throw new ShellExit(2, 'arithmetic syntax error: nothing to assign to');
  state.variables.set(target.value.trim(), String(value));
  return value;
}

function unaryValue({ operator, operand, prefix }: ArithmeticUnary, state: ShellState): number {
  const value = arithmetic(operand, state);
  if (operator === '++' || operator === '--') {
    const changed = assign(operand, value + (operator === '++' ? 1 : -1), state);
    return prefix ? changed : value;
  }
  const signs: Record<string, number> = { '-': -value, '+': value, '!': truth(value === 0), '~': ~value };
  return signs[operator] ?? value;
}

function binaryValue({ operator, left, right }: ArithmeticBinary, state: ShellState): number {
  const isAssignment = operator.endsWith('=') && !['==', '!=', '<=', '>='].includes(operator);
  if (operator === '=') return assign(left, arithmetic(right, state), state);
  const a = arithmetic(left, state);
  if ((operator === '&&' && a === 0) || (operator === '||' && a !== 0)) return truth(operator === '||');
  const operation = binary[isAssignment ? operator.slice(0, -1) : operator];
  if (!operation) throw new ShellExit(2, `arithmetic syntax error: ${operator}`);
  const value = operation(a, arithmetic(right, state));
  return isAssignment ? assign(left, value, state) : value;
}

/** The value of what stands in `$((...))`, in whole numbers. */
export function arithmetic(expression: ArithmeticExpression, state: ShellState): number {
  switch (expression.type) {
    case 'ArithmeticWord':
      return wordValue(expression.value, state);
    case 'ArithmeticGroup':
      return arithmetic(expression.expression, state);
    case 'ArithmeticUnary':
      return unaryValue(expression, state);
    case 'ArithmeticBinary':
      return binaryValue(expression, state);
    case 'ArithmeticTernary':
      return arithmetic(arithmetic(expression.test, state) !== 0 ? expression.consequent : expression.alternate, state);
    default:
      throw new ShellExit(2, 'a command inside arithmetic is not supported by this simulated shell');
  }
}

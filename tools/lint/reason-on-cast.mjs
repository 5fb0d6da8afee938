// A cast or a `!` says the type checker is wrong: the line that does so has to say why.
// `as const` and `satisfies` prove nothing away and are free.
const isConst = (node) =>
  node.typeAnnotation?.type === 'TSTypeReference' && node.typeAnnotation.typeName?.name === 'const';

export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { reason: 'say on this line why the {{what}} holds: `// reason`' },
  },
  create(context) {
    const lines = context.sourceCode.lines;
    const check = (what) => (node) => {
      if (what === 'cast' && isConst(node)) return;
      const { start, end } = node.loc;
      for (let line = start.line; line <= end.line; line += 1) if (/\/\/|\/\*/.test(lines[line - 1] ?? '')) return;
      context.report({ node, messageId: 'reason', data: { what } });
    };
    return { TSAsExpression: check('cast'), TSNonNullExpression: check('`!`') };
  },
};

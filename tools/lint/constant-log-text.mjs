// A log line is constant text plus fields, so that lines can be counted and searched.
const levels = new Set(['debug', 'info', 'warn', 'error']);

export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: { constant: 'log constant text and put what varies into the fields' },
  },
  create(context) {
    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression' || !levels.has(callee.property.name)) return;
        const owner = callee.object.name ?? callee.object.property?.name;
        if (owner !== 'log' && owner !== 'logger') return;
        if (node.arguments[0]?.type !== 'Literal') context.report({ node, messageId: 'constant' });
      },
    };
  },
};

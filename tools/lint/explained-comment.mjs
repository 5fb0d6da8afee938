// `TODO` needs an issue, and a disabled lint rule needs its reason after `--`.
export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      todo: 'write TODO(#123): a wish without an issue is forgotten',
      disable: 'say why the rule is off here: `eslint-disable-next-line rule -- reason`',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (/\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/.test(comment.value))
            context.report({ loc: comment.loc, messageId: 'todo' });
          if (/^\s*eslint-disable/.test(comment.value) && !/ -- \S/.test(comment.value))
            context.report({ loc: comment.loc, messageId: 'disable' });
        }
      },
    };
  },
};

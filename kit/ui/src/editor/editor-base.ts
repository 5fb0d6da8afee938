import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { yaml } from '@codemirror/lang-yaml';
import type { Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { pageNonce } from '../theme/theme-provider.tsx';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--fh-accent)' },
  { tag: [tags.comment, tags.meta, tags.punctuation], color: 'var(--fh-text-soft)' },
  { tag: [tags.string, tags.content], color: 'var(--fh-text)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--fh-page)', color: 'var(--fh-text)', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'var(--fh-font-mono)', lineHeight: '18px' },
  '.cm-gutters': { backgroundColor: 'var(--fh-sunken)', color: 'var(--fh-text-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--fh-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--fh-text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--fh-selected) !important',
  }, // the library's own rule is as strong
  '.cm-panels': { backgroundColor: 'var(--fh-sunken)', color: 'var(--fh-text)' },
  '.cm-tooltip': { backgroundColor: 'var(--fh-raised)', border: '1px solid var(--fh-line)' },
  '.cm-insertedLine, .cm-changedLine': { backgroundColor: 'var(--fh-good-soft) !important' }, // as above
  '.cm-deletedChunk, .cm-deletedLine': { backgroundColor: 'var(--fh-bad-soft) !important' }, // as above
});

/** What every editor of the console has: YAML, the tokens' colours, the page's nonce. */
export function editorBase(label: string): Extension {
  return [
    EditorView.cspNonce.of(pageNonce()),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }), // the scrolling part must be within reach of the keyboard
    lineNumbers(),
    highlightActiveLine(),
    yaml(),
    syntaxHighlighting(colours),
    look,
  ];
}

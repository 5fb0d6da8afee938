import { useEffect, useEffectEvent, useRef } from 'react';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useUiText } from '../text/ui-text.ts';
import { editorBase } from './editor-base.ts';
import type { YamlEditorProps } from './yaml-editor.tsx';
import classes from './editor.module.css';

function diagnostics(view: EditorView, faults: YamlEditorProps['faults'] = []): Diagnostic[] {
  return faults.map(({ line, message }) => {
    const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return { from, to, severity: 'error', message };
  });
}

/** CodeMirror as the console uses it for YAML. */
export function YamlCodeMirror({ label, value, onChange, readOnly = false, height = '60vh', faults }: YamlEditorProps) {
  const t = useUiText();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const initial = useEffectEvent(() => value);
  useEffect(() => {
    const view = new EditorView({
      parent: host.current ?? undefined,
      doc: initial(),
      extensions: [
        editorBase(label),
        history(),
        foldGutter(),
        bracketMatching(),
        lintGutter(),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap, indentWithTab]),
        EditorState.readOnly.of(readOnly),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    });
    editor.current = view;
    return () => view.destroy();
  }, [label, readOnly]);
  useEffect(() => {
    const view = editor.current;
    if (view && view.state.doc.toString() !== value)
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const view = editor.current;
    if (view) view.dispatch(setDiagnostics(view.state, diagnostics(view, faults)));
  }, [faults]);
  return (
    <div className={classes.frame}>
      <div ref={host} className={classes.host} style={{ height }} />
      {!readOnly && <div className={classes.hint}>{t('editor.hint')}</div>}
    </div>
  );
}

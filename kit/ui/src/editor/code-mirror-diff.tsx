import { useEffect, useRef } from 'react';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { editorBase } from './editor-base.ts';
import type { DiffViewProps } from './yaml-editor.tsx';
import classes from './editor.module.css';

/** CodeMirror's unified view of two texts, unchanged stretches folded. */
export function DiffCodeMirror({ label, before, after, height = '60vh' }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const view = new EditorView({
      parent: host.current ?? undefined,
      doc: after,
      extensions: [
        editorBase(label),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } }),
      ],
    });
    return () => view.destroy();
  }, [label, before, after]);
  return (
    <div className={classes.frame}>
      <div ref={host} className={classes.host} style={{ height }} />
    </div>
  );
}

import { lazy, Suspense } from 'react';
import { Loading } from '../page/loading.tsx';

export interface YamlEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange?: (text: string) => void;
  readonly readOnly?: boolean;
  /** CSS height; `60vh` unless said. */
  readonly height?: string;
  /** Faults to underline, line from 1. */
  readonly faults?: readonly { readonly line: number; readonly message: string }[];
}

export interface DiffViewProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly height?: string;
}

const Editor = lazy(() => import('./code-mirror.tsx').then(({ YamlCodeMirror }) => ({ default: YamlCodeMirror })));
const Merge = lazy(() => import('./code-mirror-diff.tsx').then(({ DiffCodeMirror }) => ({ default: DiffCodeMirror })));

/** An editor for YAML; its code is loaded when it is first shown. */
export function YamlEditor(props: YamlEditorProps) {
  return (
    <Suspense fallback={<Loading rows={10} />}>
      <Editor {...props} />
    </Suspense>
  );
}

/** Two texts in one view, with what differs marked by line. */
export function DiffView(props: DiffViewProps) {
  return (
    <Suspense fallback={<Loading rows={10} />}>
      <Merge {...props} />
    </Suspense>
  );
}

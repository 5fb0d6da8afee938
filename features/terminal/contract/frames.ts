/** What a browser sends: text frames of JSON, as KubeSphere's terminal (v1alpha2) has them. */
export type ClientFrame =
  | { readonly Op: 'stdin'; readonly Data: string }
  | { readonly Op: 'resize'; readonly Rows: number; readonly Cols: number };

/** What it is sent: output, and sentences about the session that no program has written. */
export interface ServerFrame {
  readonly Op: 'stdout' | 'toast';
  readonly Data: string;
}

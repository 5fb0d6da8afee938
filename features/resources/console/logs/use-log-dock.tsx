import { useCallback } from 'react';
import { useDock, useLiveItems, useProject, type ProjectPlace } from '@kit/ui';
import type { Pod } from '../../rules/workload-types.ts';
import { kinds, kubeListPath } from '../api/kinds.ts';
import { LogPanel } from './log-panel.tsx';

/** Whose log: every pod with these labels, or one. */
export interface LogSource {
  readonly title: string;
  readonly labelSelector?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly previous?: boolean;
}

function DockedLog({ at, source }: { at: ProjectPlace; source: LogSource }) {
  const { labelSelector, pod, container, previous } = source;
  const fieldSelector = pod && !labelSelector ? `metadata.name=${pod}` : undefined;
  const pods = useLiveItems<Pod>({ path: kubeListPath(at, kinds.pod), labelSelector, fieldSelector });
  return <LogPanel inDock at={at} pods={pods.items} pod={pod} container={container} previous={previous} />;
}

/** Opens a log in the dock, where it goes on while one looks elsewhere. */
export function useLogDock(): (source: LogSource) => void {
  const dock = useDock();
  const at = useProject();
  return useCallback(
    (source) => {
      const id = `log/${at.cluster}/${at.project}/${source.labelSelector ?? ''}/${source.pod ?? ''}/${source.container ?? ''}/${source.previous ?? false}`;
      dock.open({ id, title: source.title, icon: 'file-text', content: <DockedLog at={at} source={source} /> });
    },
    [dock, at],
  );
}

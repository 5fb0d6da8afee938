import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LogLine } from '../../rules/log-lines.ts';
import { followLog, type LogState } from './follow-log.ts';
import { LogBuffer } from './log-buffer.ts';

interface LogRequest {
  readonly path: string;
  readonly container: string;
  readonly previous: boolean;
}

export interface Log {
  readonly lines: readonly LogLine[];
  readonly dropped: number;
  readonly state: LogState;
  readonly clear: () => void;
  readonly retry: () => void;
}

const tailLines = 2000;

/** Follows a container's log as long as the component lives; for another log the component needs another key. */
export function useLog({ path, container, previous }: LogRequest): Log {
  const [buffer] = useState(() => new LogBuffer());
  const [state, setState] = useState<LogState>('loading');
  const [attempt, setAttempt] = useState(0);
  const lines = useSyncExternalStore(buffer.subscribe, buffer.lines);
  useEffect(() => {
    const stop = new AbortController();
    buffer.clear();
    void followLog({ path, container, previous, tailLines, buffer, onState: setState, signal: stop.signal });
    return () => stop.abort();
  }, [buffer, path, container, previous, attempt]);
  return {
    lines,
    dropped: buffer.dropped,
    state,
    clear: () => buffer.clear(),
    retry: () => {
      setState('loading');
      setAttempt((n) => n + 1);
    },
  };
}

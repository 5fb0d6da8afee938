import { useQuery } from '@tanstack/react-query';
import { api, StatusMark } from '@kit/ui';
import { paths } from './api.ts';
import { useText } from './text.ts';

interface Counts {
  readonly total: number;
  readonly states: Readonly<Record<string, number>>;
}

/** How the deployments of a project are doing, in one mark; the worst decides. */
export function ProjectHealth({ project }: { project: string }) {
  const t = useText();
  const path = paths.counts(project, 'deployments');
  const { data, error } = useQuery({
    queryKey: ['counts', path],
    queryFn: ({ signal }) => api.get<Counts>(path, { signal }),
    refetchInterval: 15_000,
  });
  if (error) return <StatusMark tone="idle">{t('health.unknown')}</StatusMark>;
  if (!data) return null;
  const { failing = 0, degraded = 0, starting = 0 } = data.states;
  const { total } = data;
  if (failing > 0) return <StatusMark tone="bad">{t('health.failing', { count: failing })}</StatusMark>;
  if (degraded > 0) return <StatusMark tone="warning">{t('health.degraded', { count: degraded })}</StatusMark>;
  if (starting > 0) return <StatusMark tone="busy">{t('health.starting', { count: starting })}</StatusMark>;
  if (total === 0) return <StatusMark tone="idle">{t('health.empty')}</StatusMark>;
  return <StatusMark tone="good">{t('health.good', { count: total })}</StatusMark>;
}

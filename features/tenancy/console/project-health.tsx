import { useQuery } from '@tanstack/react-query';
import { api, StatusMark } from '@kit/ui';
import { paths } from './api.ts';
import { useText } from './text.ts';

interface Counts {
  readonly total: number;
  readonly states: Readonly<Record<string, number>>;
}

function useCounts(project: string, resource: string) {
  const path = paths.counts(project, resource);
  return useQuery({
    queryKey: ['counts', path],
    queryFn: ({ signal }) => api.get<Counts>(path, { signal }),
    refetchInterval: 15_000,
  });
}

/**
 * How a project is doing, in one mark; the worst decides. Pods are asked too: a deployment says that it is starting
 * until its deadline is over, ten minutes after its pods have failed.
 */
export function ProjectHealth({ project }: { project: string }) {
  const t = useText();
  const { data, error } = useCounts(project, 'deployments');
  const pods = useCounts(project, 'pods');
  if (error) return <StatusMark tone="idle">{t('health.unknown')}</StatusMark>;
  if (!data) return null;
  const { failing = 0, degraded = 0, starting = 0 } = data.states;
  const { total } = data;
  const failingPods = pods.data?.states['failing'] ?? 0;
  if (failing > 0) return <StatusMark tone="bad">{t('health.failing', { count: failing })}</StatusMark>;
  if (failingPods > 0) return <StatusMark tone="bad">{t('health.failingPods', { count: failingPods })}</StatusMark>;
  if (degraded > 0) return <StatusMark tone="warning">{t('health.degraded', { count: degraded })}</StatusMark>;
  if (starting > 0) return <StatusMark tone="busy">{t('health.starting', { count: starting })}</StatusMark>;
  if (total === 0) return <StatusMark tone="idle">{t('health.empty')}</StatusMark>;
  return <StatusMark tone="good">{t('health.good', { count: total })}</StatusMark>;
}

import { useQuery } from '@tanstack/react-query';
import { api, StatusMark } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';

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
  const { states } = data;
  const found = [
    { tone: 'bad', key: 'health.failing', count: states['failing'] },
    { tone: 'bad', key: 'health.failingPods', count: pods.data?.states['failing'] },
    { tone: 'warning', key: 'health.degraded', count: states['degraded'] },
    { tone: 'busy', key: 'health.starting', count: states['starting'] },
    { tone: 'good', key: 'health.good', count: states['running'] },
  ] as const;
  const worst = found.find(({ count = 0 }) => count > 0);
  if (!worst) return <StatusMark tone="idle">{t('health.empty')}</StatusMark>;
  return <StatusMark tone={worst.tone}>{t(worst.key, { count: worst.count ?? 0 })}</StatusMark>;
}

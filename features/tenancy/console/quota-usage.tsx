import { Progress, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, Loaded, Section } from '@kit/ui';
import { paths } from './api.ts';
import { fractionOf } from './quota-fraction.ts';
import { useText } from './text.ts';

interface Figures {
  readonly hard?: Readonly<Record<string, string>>;
  readonly used?: Readonly<Record<string, string>>;
}
interface QuotaItem {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly total: Figures };
}

/** What the projects of a workspace use together of what they may, a bar for each limit. */
export function QuotaUsage({ workspace }: { workspace: string }) {
  const t = useText();
  const path = paths.quotas(workspace);
  const query = useQuery({
    queryKey: ['list', path],
    queryFn: ({ signal }) => api.get<{ items: readonly QuotaItem[] }>(path, { signal }),
  });
  return (
    <Section title={t('quota.title')}>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <div className="fh-soft">{t('quota.none')}</div>
          ) : (
            <Stack gap="md" maw={480}>
              {items.flatMap(({ metadata, status }) =>
                Object.entries(status?.total.hard ?? {}).map(([resource, hard]) => (
                  <Bar
                    key={`${metadata.name}/${resource}`}
                    resource={resource}
                    hard={hard}
                    used={status?.total.used?.[resource] ?? '0'}
                  />
                )),
              )}
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

function Bar({ resource, used, hard }: { resource: string; used: string; hard: string }) {
  const t = useText();
  const percent = Math.min(100, Math.round(fractionOf(used, hard) * 100));
  const text = t('quota.used', { resource, used, hard });
  return (
    <div>
      <div>{text}</div>
      <Progress.Root size="lg">
        <Progress.Section value={percent} color={percent >= 90 ? 'red' : undefined} aria-label={text} />
      </Progress.Root>
    </div>
  );
}

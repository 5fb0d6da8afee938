import { useState } from 'react';
import { Button, Select, Stack, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, Section, toast, useServerForm } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { useRemedyName, type Remedy } from './remedies.ts';

interface RequestAccessProps {
  readonly remedies: readonly Remedy[];
  readonly onDone: () => void;
}

const lives = ['', '8', '24', '168', '720'] as const;

/** Asks for one of the roles that would do; whoever makes members there decides. */
export function RequestAccess({ remedies, onDone }: RequestAccessProps) {
  const t = useText();
  const remedyName = useRemedyName();
  const queries = useQueryClient();
  const [first] = useState(() =>
    String(
      Math.max(
        0,
        remedies.findIndex(({ role }) => /viewer|regular/.test(role)),
      ),
    ),
  );
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { remedy: first, reason: '', hours: '' },
    fields: { role: 'remedy', reason: 'reason', hours: 'hours' },
    send: async ({ remedy, reason, hours }) => {
      const { role, workspace, namespace } = remedies[Number(remedy)] ?? { role: '' };
      const place = namespace ? { namespace } : { workspace };
      await api.post(paths.requests, {
        ...place,
        role,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
        ...(hours ? { hours: Number(hours) } : {}),
      });
      await queries.invalidateQueries({ queryKey: ['list', paths.requests] });
      toast.done(t('request.sent'));
      onDone();
    },
  });
  return (
    <Section title={t('request.title')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {error !== undefined && <FormError error={error} />}
          <Select
            label={t('requests.role')}
            data={remedies.map((remedy, index) => ({ value: String(index), label: remedyName(remedy) }))}
            key={form.key('remedy')}
            {...form.getInputProps('remedy')}
          />
          <Select
            label={t('requests.life')}
            data={lives.map((hours) => ({
              value: hours,
              label: hours === '' ? t('requests.forGood') : t('requests.hours', { count: Number(hours) }),
            }))}
            key={form.key('hours')}
            {...form.getInputProps('hours')}
          />
          <Textarea
            label={t('requests.reason')}
            description={t('request.reason.text')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={1000}
            key={form.key('reason')}
            {...form.getInputProps('reason')}
          />
          <Button type="submit" variant="filled" loading={isSending}>
            {t('request.send')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

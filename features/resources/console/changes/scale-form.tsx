import { useState, type FormEvent } from 'react';
import { Button, NumberInput, Popover, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ActionButton, FormError, toast, useCan, useProject } from '@kit/ui';
import type { Deployment } from '../../rules/workload-types.ts';
import { kinds } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { scaling } from '../api/write.ts';
import { useText } from '../text.ts';

const most = 10_000;

/** A small change that is its own diff: from so many pods to so many, one click. */
export function ScaleButton({
  deployment,
  opened,
  onChange,
}: {
  deployment: Deployment;
  opened: boolean;
  onChange: (opened: boolean) => void;
}) {
  const t = useText();
  const verdict = useCan(right('patch', kinds.deployment));
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position="bottom-end"
      trapFocus
      withArrow
      withRoles={false}
      shadow="md"
    >
      <Popover.Target>
        <span>
          <ActionButton
            label={t('action.scale')}
            icon="arrows-vertical"
            verdict={verdict}
            onClick={() => onChange(!opened)}
          />
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('scale.title', { name: deployment.metadata.name })}>
        <ScaleForm deployment={deployment} onDone={() => onChange(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function isReplicaCount(value: number | string): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

function ScaleForm({ deployment, onDone }: { deployment: Deployment; onDone: () => void }) {
  const t = useText();
  const at = useProject();
  const { name } = deployment.metadata;
  const from = deployment.spec?.replicas ?? 1;
  const [to, setTo] = useState<number | string>(from);
  const isValid = isReplicaCount(to);
  const scale = useMutation({
    mutationFn: (replicas: number) => scaling(at, name, replicas)(false),
    onSuccess: (_, count) => {
      toast.done(t('scale.done', { name, count }));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isValid && to !== from) scale.mutate(to);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <NumberInput
          label={t('scale.replicas')}
          value={to}
          onChange={setTo}
          min={0}
          max={most}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          data-autofocus
          error={isValid ? undefined : t('scale.invalid')}
        />
        {isValid && (
          <div role="status">{to === from ? t('scale.same', { from }) : t('scale.change', { from, to })}</div>
        )}
        {scale.error && <FormError error={scale.error} />}
        <Button type="submit" variant="filled" disabled={!isValid || to === from} loading={scale.isPending}>
          {t('action.scale')}
        </Button>
      </Stack>
    </form>
  );
}

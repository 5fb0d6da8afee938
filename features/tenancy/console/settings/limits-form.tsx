import { Button, Group, Stack, TextInput } from '@mantine/core';
import { FormError, useServerForm } from '@kit/ui';
import { parseAmount } from '../../rules/amount.ts';
import { useText } from '../text.ts';
import type { Amounts } from './amounts-form.tsx';
import classes from './settings.module.css';

export const limitParts = ['defaultRequest', 'default', 'min', 'max'] as const;
export type LimitPart = (typeof limitParts)[number];
/** What containers are given that do not say, and what they may ask for at least and at most. */
export type Limits = Readonly<Partial<Record<LimitPart, Amounts>>>;

const limited = ['cpu', 'memory'] as const;

interface LimitsFormProps {
  readonly limits: Limits;
  readonly onCancel?: () => void;
  readonly save: (limits: Limits) => Promise<unknown>;
  /** More of what is saved along. */
  readonly submitLabel: string;
}

type Values = Record<`${LimitPart}_${(typeof limited)[number]}`, string>;

function valuesOf(limits: Limits): Values {
  const entries = limitParts.flatMap((part) =>
    limited.map((name) => [`${part}_${name}`, limits[part]?.[name] ?? ''] as const),
  );
  return Object.fromEntries(entries) as Values; // exactly these keys
}

/** Keeps what the form does not show: limits of other resources. */
export function limitsOf(values: Values, before: Limits): Limits {
  const parts = limitParts.map((part) => {
    const { cpu: _cpu, memory: _memory, ...others } = before[part] ?? {};
    const set = limited.map((name) => [name, values[`${part}_${name}`].trim()] as const);
    return [part, { ...others, ...Object.fromEntries(set.filter(([, text]) => text !== '')) }] as const;
  });
  return Object.fromEntries(parts.filter(([, amounts]) => Object.keys(amounts).length > 0));
}

/** The limits of containers: CPU and memory of each part. */
export function LimitsForm({ limits, onCancel, save, submitLabel }: LimitsFormProps) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm<Values>({
    mode: 'uncontrolled',
    initialValues: valuesOf(limits),
    validate: (values) =>
      Object.fromEntries(
        Object.entries(values).flatMap(([field, text]) =>
          text.trim() === '' || parseAmount(text.trim()) !== undefined ? [] : [[field, t('quota.amount.rule')]],
        ),
      ),
    fields: Object.fromEntries(
      limitParts.flatMap((part) =>
        limited.map((name) => [`defaultLimits.${part}.${name}`, `${part}_${name}` as const] as const),
      ),
    ),
    send: (values) => save(limitsOf(values, limits)),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        {limitParts.map((part) => (
          <fieldset key={part} className={classes.part}>
            <legend className={classes.partName}>{t(`limits.${part}`)}</legend>
            <div className={classes.fields}>
              {limited.map((name) => (
                <TextInput
                  key={form.key(`${part}_${name}`)}
                  label={t(`limits.${name}`)}
                  placeholder={t('limits.none')}
                  autoComplete="off"
                  {...form.getInputProps(`${part}_${name}`)}
                />
              ))}
            </div>
          </fieldset>
        ))}
        <Group justify={onCancel ? 'flex-end' : 'flex-start'}>
          {onCancel && <Button onClick={onCancel}>{t('cancel')}</Button>}
          <Button type="submit" variant="filled" loading={isSending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { useState } from 'react';
import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { FormError, useServerForm } from '@kit/ui';
import { parseAmount } from '../../rules/amount.ts';
import { useText } from '../text.ts';
import { resources, useResourceName } from './use-resource-name.ts';

export type Amounts = Readonly<Record<string, string>>;

interface AmountsFormProps {
  readonly amounts: Amounts;
  readonly onCancel: () => void;
  /** Writes the limits that are not left empty. */
  readonly save: (amounts: Amounts) => Promise<unknown>;
}

const usual = 6;

/** What the form calls the field of a resource: a dot in a name would mean a part of it. */
const fieldOf = (resource: string): string => resource.replaceAll(/[./]/g, '_');

/** Limits by resource: one field each; an empty one limits nothing. */
export function AmountsForm({ amounts, onCancel, save }: AmountsFormProps) {
  const t = useText();
  const resourceName = useResourceName();
  const [shown, setShown] = useState<readonly string[]>(() => {
    const set = Object.keys(amounts);
    return [...new Set([...resources.slice(0, usual), 'pods', ...set])];
  });
  const { form, isSending, error, submit } = useServerForm<Record<string, string>>({
    mode: 'uncontrolled',
    initialValues: Object.fromEntries(
      [...new Set([...resources, ...Object.keys(amounts)])].map((each) => [fieldOf(each), amounts[each] ?? '']),
    ),
    validate: (values) =>
      Object.fromEntries(
        Object.entries(values).flatMap(([field, text]) =>
          text.trim() === '' || parseAmount(text.trim()) !== undefined ? [] : [[field, t('quota.amount.rule')]],
        ),
      ),
    fields: Object.fromEntries(
      shown.flatMap((each) => [
        [`spec.quota.hard[${each}]`, fieldOf(each)],
        [`spec.hard[${each}]`, fieldOf(each)],
      ]),
    ),
    send: (values) => {
      const all = shown.map((each): [string, string] => [each, (values[fieldOf(each)] ?? '').trim()]);
      return save(Object.fromEntries(all.filter(([, text]) => text !== '')));
    },
  });
  const more = resources.filter((each) => !shown.includes(each));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <div className="fh-soft">{t('quota.form.text')}</div>
        {shown.map((each) => (
          <TextInput
            key={form.key(fieldOf(each))}
            label={resourceName(each)}
            placeholder={t('quota.unlimited')}
            autoComplete="off"
            {...form.getInputProps(fieldOf(each))}
          />
        ))}
        {more.length > 0 && (
          <Select
            label={t('quota.more')}
            data={more.map((value) => ({ value, label: resourceName(value) }))}
            value={null}
            onChange={(value) => value && setShown([...shown, value])}
          />
        )}
        <Group justify="flex-end">
          <Button onClick={onCancel}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('quota.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

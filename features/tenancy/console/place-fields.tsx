import { Textarea, TextInput } from '@mantine/core';
import type { ServerForm } from '@kit/ui';
import { useText } from './text.ts';

export interface PlaceValues extends Record<string, unknown> {
  readonly name: string;
  readonly alias: string;
  readonly description: string;
}

export const noPlace: PlaceValues = { name: '', alias: '', description: '' };

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** What is asked of a new workspace or project. The server has the last word on the name; this spares the way. */
export function usePlaceValidation() {
  const t = useText();
  return {
    name: (value: string) => (value === '' ? t('name.needed') : label.test(value) ? null : t('name.rule')),
  };
}

/** The fields that workspaces and projects share. */
export function PlaceFields({ form, withName = true }: { form: ServerForm<PlaceValues>['form']; withName?: boolean }) {
  const t = useText();
  return (
    <>
      {withName && (
        <TextInput
          label={t('name')}
          description={t('name.text')}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
      )}
      <TextInput
        label={t('alias')}
        description={t('alias.text')}
        autoComplete="off"
        key={form.key('alias')}
        {...form.getInputProps('alias')}
      />
      <Textarea
        label={t('description')}
        autosize
        minRows={2}
        maxRows={6}
        key={form.key('description')}
        {...form.getInputProps('description')}
      />
    </>
  );
}

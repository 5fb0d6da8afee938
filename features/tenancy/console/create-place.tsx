import { Button, Group, Stack } from '@mantine/core';
import { FormError, SidePanel, useServerForm } from '@kit/ui';
import { noPlace, PlaceFields, usePlaceValidation, type PlaceValues } from './place-fields.tsx';
import { useText } from './text.ts';

interface CreatePlaceProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** A verb and its object; title and button. */
  readonly label: string;
  readonly text: string;
  readonly create: (values: PlaceValues) => Promise<unknown>;
}

/** The form for a new workspace or project. */
export function CreatePlace({ opened, onClose, label, ...form }: CreatePlaceProps) {
  return (
    <SidePanel opened={opened} onClose={onClose} title={label}>
      {opened && <PlaceForm onClose={onClose} label={label} {...form} />}
    </SidePanel>
  );
}

function PlaceForm({ onClose, label, text, create }: Omit<CreatePlaceProps, 'opened'>) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm<PlaceValues>({
    mode: 'uncontrolled',
    initialValues: noPlace,
    validate: usePlaceValidation(),
    fields: { 'metadata.name': 'name' },
    send: create,
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div className="fh-soft">{text}</div>
        {error !== undefined && <FormError error={error} />}
        <PlaceFields form={form} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { useState } from 'react';
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, Loaded, Section, toast, useGo, useServerForm } from '@kit/ui';
import { aliasOf, annotation, type RoleItem } from '../api.ts';
import { useText } from '../text.ts';
import type { RolesOf } from './roles-of.ts';
import { TemplateList } from './template-list.tsx';
import { madeOf, templatesIn } from './templates.ts';
import { useTemplates } from './use-templates.ts';

interface RoleFormProps {
  readonly of: RolesOf;
  /** The role to change; absent: a new one. */
  readonly role?: RoleItem;
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A role made of templates. */
export function RoleForm({ of, role }: RoleFormProps) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  const templates = useTemplates(of);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(role ? templatesIn(role) : []));
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: {
      name: '',
      alias: (role && aliasOf(role)) ?? '',
      description: role?.metadata.annotations?.[annotation.description] ?? '',
    },
    validate: {
      name: (value) => (role || label.test(value) ? null : t(value === '' ? 'roles.name.needed' : 'roles.name.rule')),
    },
    fields: { 'metadata.name': 'name' },
    send: async ({ name, alias, description }) => {
      const annotations = {
        ...role?.metadata.annotations,
        [annotation.alias]: alias,
        [annotation.description]: description,
        ...madeOf(chosen),
      };
      if (role) await api.put(`${of.path}/${role.metadata.name}`, { metadata: { ...role.metadata, annotations } });
      else await api.post(of.path, { metadata: { name: of.fullName(name), annotations } });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['list', of.path] }),
        queries.invalidateQueries({ queryKey: ['roles', of.path] }),
        queries.invalidateQueries({ queryKey: ['object', of.path] }),
      ]);
      toast.done(t(role ? 'roles.saved' : 'roles.created'));
      go(of.listHref);
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {error !== undefined && <FormError error={error} />}
        <Stack gap="md" maw={480}>
          {!role && (
            <TextInput
              label={t('roles.name')}
              description={t('user.name.rule')}
              autoComplete="off"
              autoFocus
              key={form.key('name')}
              {...form.getInputProps('name')}
            />
          )}
          <TextInput
            label={t('user.displayName')}
            autoComplete="off"
            key={form.key('alias')}
            {...form.getInputProps('alias')}
          />
          <Textarea
            label={t('user.description')}
            autosize
            minRows={1}
            maxRows={4}
            key={form.key('description')}
            {...form.getInputProps('description')}
          />
        </Stack>
        <Section title={t('roles.rights')}>
          <div className="fh-soft">{t('roles.rights.text')}</div>
          <Loaded query={templates}>
            {(all) => <TemplateList templates={all} chosen={chosen} onChange={setChosen} />}
          </Loaded>
        </Section>
        <Group>
          <Button type="submit" variant="filled" loading={isSending} disabled={chosen.size === 0}>
            {t(role ? 'save' : 'roles.create')}
          </Button>
          <Button onClick={() => go(of.listHref)}>{t('cancel')}</Button>
          {chosen.size === 0 && <span className="fh-soft">{t('roles.rights.needed')}</span>}
        </Group>
      </Stack>
    </form>
  );
}

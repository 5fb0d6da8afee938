import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { ActionButton, Icon, useCan, YamlEditor } from '@kit/ui';
import type { KubeObject } from '@kit/kube';
import type { Kind } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { useText } from '../text.ts';
import { EditYaml } from './edit-yaml.tsx';
import { yamlOf } from './yaml-text.ts';

function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

interface YamlTabProps {
  readonly object: KubeObject;
  readonly kind: Kind;
}

/** The whole object as YAML: to read, to take away, to edit. */
export function YamlTab({ object, kind }: YamlTabProps) {
  const t = useText();
  const verdict = useCan(right('update', kind));
  const [isEditing, setEditing] = useState(false);
  const { name } = object.metadata;
  if (isEditing) return <EditYaml object={object} kind={kind} onClose={() => setEditing(false)} />;
  const text = yamlOf(object);
  return (
    <>
      <Group gap="sm">
        <ActionButton label={t('yaml.edit')} icon="pencil" verdict={verdict} onClick={() => setEditing(true)} />
        <Button leftSection={<Icon name="download" size={14} />} onClick={() => saveText(text, `${name}.yaml`)}>
          {t('yaml.download')}
        </Button>
      </Group>
      <YamlEditor label={t('yaml.label', { kind: kind.kind, name })} value={text} readOnly />
    </>
  );
}

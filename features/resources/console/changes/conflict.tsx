import { useState } from 'react';
import { Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { diffObjects, FieldDiff } from '@kit/ui';
import type { KubeObject } from '@kit/kube';
import { contentOf } from '../../rules/object-content.ts';
import { mergeEdits, pathText, type Clash } from '../../rules/three-way-merge.ts';
import classes from '../parts/parts.module.css';
import { useText } from '../text.ts';

function shown(value: unknown): string {
  if (value === undefined) return '—';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface ClashTableProps {
  readonly clashes: readonly Clash[];
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (path: string) => void;
}

function ClashTable({ clashes, chosen, onToggle }: ClashTableProps) {
  const t = useText();
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          <th scope="col">{t('conflict.field')}</th>
          <th scope="col">{t('conflict.other')}</th>
          <th scope="col">{t('conflict.mine')}</th>
        </tr>
      </thead>
      <tbody>
        {clashes.map((clash) => {
          const path = pathText(clash.path);
          return (
            <tr key={path}>
              <td>
                <code>{path}</code>
              </td>
              <td>{shown(clash.theirs)}</td>
              <td>
                <Checkbox
                  aria-label={t('conflict.useMine', { field: path })}
                  label={shown(clash.mine)}
                  checked={chosen.has(path)}
                  onChange={() => onToggle(path)}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface ConflictProps {
  readonly base: KubeObject;
  readonly mine: KubeObject;
  readonly theirs: KubeObject;
  readonly onClose: () => void;
  /** Gets both edits in one object, to be looked at before it is written. */
  readonly onMerged: (object: KubeObject) => void;
}

/** Somebody else was faster: what they did, and how the two edits come together. */
export function Conflict({ base, mine, theirs, onClose, onMerged }: ConflictProps) {
  const t = useText();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { clashes } = mergeEdits({ base: contentOf(base), mine: contentOf(mine), theirs: contentOf(theirs) });
  const toggle = (path: string) =>
    setChosen(new Set(chosen.has(path) ? [...chosen].filter((each) => each !== path) : [...chosen, path]));
  const merge = () => {
    const isMine = ({ path }: Clash) => chosen.has(pathText(path));
    const { value } = mergeEdits({
      base: contentOf(base),
      mine: contentOf(mine),
      theirs: contentOf(theirs),
      winsMine: isMine,
    });
    onMerged(value as KubeObject); // merged from three objects
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('conflict.title', { name: theirs.metadata.name })}
      size="xl"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        <div>
          <strong>{t('conflict.theirs')}</strong>
          <FieldDiff changes={diffObjects(contentOf(base), contentOf(theirs))} />
        </div>
        {clashes.length === 0 ? (
          <p>{t('conflict.clean')}</p>
        ) : (
          <div>
            <p>{t('conflict.clashes')}</p>
            <ClashTable clashes={clashes} chosen={chosen} onToggle={toggle} />
          </div>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('action.back')}</Button>
          <Button variant="filled" onClick={merge} data-autofocus>
            {t('conflict.merge')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

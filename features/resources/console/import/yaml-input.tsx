import { useState, type DragEvent } from 'react';
import { Button, FileButton, Group } from '@mantine/core';
import { Icon, Problem, YamlEditor } from '@kit/ui';
import { formatBytes } from '../../rules/quantity.ts';
import classes from '../parts/parts.module.css';
import { useText } from '../text.ts';

/** The server reads no more than this at once. */
const mostBytes = 2 * 1024 * 1024;

interface YamlInputProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly faults: readonly { readonly line: number; readonly message: string }[];
}

/** Takes YAML by typing, pasting, choosing files or dropping them; several files become one text. */
export function YamlInput({ text, onText, faults }: YamlInputProps) {
  const t = useText();
  const [tooLarge, setTooLarge] = useState(false);
  const [isOver, setOver] = useState(false);
  const take = async (files: readonly File[]) => {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    setTooLarge(size > mostBytes);
    if (files.length === 0 || size > mostBytes) return;
    const texts = await Promise.all(files.map((file) => file.text()));
    onText(texts.join('\n---\n'));
  };
  const onDrop = (event: DragEvent) => {
    setOver(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void take([...event.dataTransfer.files]);
  };
  return (
    <div
      className={classes['drop']}
      data-over={isOver || undefined}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDropCapture={onDrop}
    >
      <Group gap="sm">
        <FileButton onChange={(files) => void take(files)} accept=".yaml,.yml,.json" multiple>
          {(props) => (
            <Button {...props} leftSection={<Icon name="upload" size={14} />}>
              {t('import.file')}
            </Button>
          )}
        </FileButton>
        <span className="fh-soft">{t('import.drop')}</span>
      </Group>
      {tooLarge && <Problem tone="bad" title={t('import.tooLarge', { size: formatBytes(String(mostBytes)) })} />}
      <YamlEditor
        label={t('import.label')}
        value={text}
        onChange={onText}
        faults={faults}
        height="calc(100vh - 320px)"
      />
    </div>
  );
}

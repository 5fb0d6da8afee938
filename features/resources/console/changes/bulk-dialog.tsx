import { useState } from 'react';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { StatusMark, type Tone } from '@kit/ui';
import classes from '../parts/parts.module.css';
import { useText } from '../text.ts';

type Result = 'waiting' | 'done' | { readonly failure: string };

interface BulkDialogProps {
  readonly title: string;
  readonly text?: string;
  readonly names: readonly string[];
  readonly confirmLabel: string;
  readonly danger?: boolean;
  readonly act: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

const atOnce = 4;

/** Runs `act` for each name, a few at a time; one that fails stops none of the others. */
async function runAll(
  names: readonly string[],
  act: BulkDialogProps['act'],
  onResult: (name: string, result: Result) => void,
): Promise<void> {
  const left = [...names];
  const worker = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      try {
        await act(name);
        onResult(name, 'done');
      } catch (error) {
        onResult(name, { failure: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function ResultMark({ result }: { result: Result | undefined }) {
  const t = useText();
  if (result === undefined) return null;
  const tone: Tone = result === 'done' ? 'good' : result === 'waiting' ? 'busy' : 'bad';
  const word = result === 'done' ? t('bulk.done') : result === 'waiting' ? t('bulk.running') : result.failure;
  return <StatusMark tone={tone}>{word}</StatusMark>;
}

/** Does one thing with many objects: says which, shows how each went, and does the failed ones again. */
export function BulkDialog({ title, text, names, confirmLabel, danger = false, act, onClose }: BulkDialogProps) {
  const t = useText();
  const [all] = useState(names);
  const [results, setResults] = useState<Readonly<Record<string, Result>>>({});
  const [isRunning, setRunning] = useState(false);
  const left = all.filter((name) => results[name] !== 'done');
  const hasRun = Object.keys(results).length > 0;
  const run = async () => {
    setRunning(true);
    setResults((old) => ({ ...old, ...Object.fromEntries(left.map((name) => [name, 'waiting'])) }));
    await runAll(left, act, (name, result) => setResults((old) => ({ ...old, [name]: result })));
    setRunning(false);
  };
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('action.close') }}>
      <Stack gap="md">
        {text && <p>{text}</p>}
        <ul className={classes['plain']} aria-live="polite">
          {all.map((name) => (
            <li key={name} className={classes['bulkRow']}>
              <span>{name}</span>
              <ResultMark result={results[name]} />
            </li>
          ))}
        </ul>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('action.close')}</Button>
          {left.length > 0 && (
            <Button
              variant="filled"
              className={danger ? 'fh-danger' : undefined}
              loading={isRunning}
              onClick={() => void run()}
              data-autofocus
            >
              {hasRun ? t('bulk.retry', { count: left.length }) : confirmLabel}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

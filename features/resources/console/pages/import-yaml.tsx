import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ActionButton, api, FormError, Loading, Page, Problem, Section, to, useProject } from '@kit/ui';
import type { ImportAnswer, ImportItem } from '../../contract/answers.ts';
import { ownPath } from '../api/kinds.ts';
import { ImportCounts, ImportTable } from '../import/import-table.tsx';
import { YamlInput } from '../import/yaml-input.tsx';
import { useText } from '../text.ts';

function useImport(dryRun: boolean) {
  const at = useProject();
  return useMutation({
    mutationFn: async (yaml: string) => (await api.post<ImportAnswer>(ownPath(at, 'imports'), { yaml, dryRun })).object,
  });
}

/** A fault of the text as a whole names its line; the editor shows it there. */
function faultsOf(error: Error | null): { line: number; message: string }[] {
  const line = /line (\d+)/.exec(error?.message ?? '')?.[1];
  return error && line ? [{ line: Number(line), message: error.message }] : [];
}

function writable(items: readonly ImportItem[]): readonly ImportItem[] {
  return items.filter(({ action }) => action === 'create' || action === 'configure');
}

/** First what is wrong, then the rest in the order of the text. */
function troubleFirst(items: readonly ImportItem[]): ImportItem[] {
  return [...items].sort(
    (a, b) => Number(b.action === 'refused') - Number(a.action === 'refused') || a.index - b.index,
  );
}

interface PlanProps {
  readonly plan: ImportAnswer;
  readonly isBusy: boolean;
  readonly onBack: () => void;
  readonly onApply: () => void;
}

function Plan({ plan: { items }, isBusy, onBack, onApply }: PlanProps) {
  const t = useText();
  const count = writable(items).length;
  return (
    <Section title={t('import.plan')}>
      <ImportCounts items={items} />
      {items.some(({ action }) => action === 'refused') && <Problem tone="warning" title={t('import.onlyGood')} />}
      <Group gap="sm">
        <Button onClick={onBack}>{t('import.edit')}</Button>
        <Button variant="filled" disabled={count === 0} loading={isBusy} onClick={onApply} data-autofocus>
          {t('import.apply', { count })}
        </Button>
      </Group>
      <ImportTable items={troubleFirst(items)} isDone={false} />
    </Section>
  );
}

function Result({
  result: { items },
  isBusy,
  onRetry,
  onMore,
}: {
  result: ImportAnswer;
  isBusy: boolean;
  onRetry: () => void;
  onMore: () => void;
}) {
  const t = useText();
  const at = useProject();
  const failed = items.filter(({ action }) => action === 'refused').length;
  return (
    <Section title={t('import.result')}>
      <ImportCounts items={items} isDone />
      <Group gap="sm">
        <ActionButton variant="primary" label={t('import.finished')} href={to.project(at, '')} />
        {failed > 0 && (
          <Button loading={isBusy} onClick={onRetry}>
            {t('import.retry', { count: failed })}
          </Button>
        )}
        <Button onClick={onMore}>{t('import.more')}</Button>
      </Group>
      <ImportTable items={troubleFirst(items)} isDone />
    </Section>
  );
}

/** Brings objects into the project: text, dry run, import, and how what was made comes up. */
export default function ImportYaml() {
  const t = useText();
  const { project } = useProject();
  const [text, setText] = useState('');
  const plan = useImport(true);
  const result = useImport(false);
  const startOver = () => {
    plan.reset();
    result.reset();
  };
  const tryOut = () => text.trim() !== '' && plan.mutate(text);
  const isWriting = !plan.data && !plan.isPending;
  return (
    <Page title={t('import.title')} sentence={t('import.sentence', { project })}>
      {isWriting && (
        <div
          style={{ display: 'contents' }}
          onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && tryOut()}
        >
          {plan.error && <FormError error={plan.error} />}
          <YamlInput text={text} onText={setText} faults={faultsOf(plan.error)} />
          <Group justify="flex-end">
            <Button variant="filled" disabled={text.trim() === ''} onClick={tryOut}>
              {t('import.try')}
            </Button>
          </Group>
        </div>
      )}
      {plan.isPending && <p role="status">{t('import.trying')}</p>}
      {plan.isPending && <Loading rows={8} />}
      {result.error && <FormError error={result.error} />}
      {plan.data && !result.data && (
        <Plan plan={plan.data} isBusy={result.isPending} onBack={startOver} onApply={() => result.mutate(text)} />
      )}
      {result.data && (
        <Result
          result={result.data}
          isBusy={result.isPending}
          onRetry={() => result.mutate(text)}
          onMore={() => {
            setText('');
            startOver();
          }}
        />
      )}
    </Page>
  );
}

import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { api, FormError, Problem, useProject, YamlEditor } from '@kit/ui';
import type { KubeObject } from '@kit/kube';
import { contentOf, hasSameContent } from '../../rules/object-content.ts';
import { kubeObjectPath, type Kind } from '../api/kinds.ts';
import { replacing } from '../api/write.ts';
import { useText } from '../text.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { Conflict } from './conflict.tsx';
import { DraftStore, type Draft } from './draft-store.ts';
import { readYaml, rewriteYaml, yamlOf, type YamlFault } from './yaml-text.ts';

interface EditYamlProps {
  readonly object: KubeObject;
  readonly kind: Kind;
  readonly onClose: () => void;
}

type Step =
  | { readonly step: 'edit' }
  | { readonly step: 'failed'; readonly error: unknown }
  | { readonly step: 'review'; readonly asked: KubeObject; readonly base: KubeObject }
  | { readonly step: 'conflict'; readonly asked: KubeObject; readonly theirs: KubeObject };

/** Reads the draft; faults are those of the text itself. */
function useDraftReader(
  object: KubeObject,
): (text: string) => { asked: KubeObject } | { faults: readonly YamlFault[] } {
  const t = useText();
  return (text) => {
    const read = readYaml(text);
    if ('faults' in read) return read;
    if ('notObject' in read) return { faults: [{ line: 1, message: t('yaml.notObject') }] };
    const isSame = read.object.kind === object.kind && read.object.metadata.name === object.metadata.name;
    if (isSame) return { asked: read.object };
    return { faults: [{ line: 1, message: t('yaml.renamed', { kind: object.kind, name: object.metadata.name }) }] };
  };
}

/** A draft of an earlier visit that says something else than the object does now. */
function keptDraft(store: DraftStore, text: string): Draft | undefined {
  const draft = store.load();
  return draft?.text === text ? undefined : draft;
}

/** Edits an object as text: the draft survives a reload, is tried on the server, and never overwrites in silence. */
export function EditYaml({ object, kind, onClose }: EditYamlProps) {
  const t = useText();
  const at = useProject();
  const read = useDraftReader(object);
  const { name } = object.metadata;
  const path = kubeObjectPath(at, kind, name);
  const [store] = useState(() => new DraftStore(path));
  const [base, setBase] = useState(object);
  const [text, setText] = useState(() => yamlOf(contentOf(object)));
  const [kept, setKept] = useState(() => keptDraft(store, text));
  const [faults, setFaults] = useState<readonly YamlFault[]>([]);
  const [state, setState] = useState<Step>({ step: 'edit' });

  const write = (next: string, from = base) => {
    setText(next);
    store.save({ text: next, base: from });
  };
  const review = async () => {
    const draft = read(text);
    setFaults('faults' in draft ? draft.faults : []);
    if ('faults' in draft) return;
    try {
      const theirs = await api.get<KubeObject>(path);
      setState(
        hasSameContent(theirs, base)
          ? { step: 'review', asked: draft.asked, base: theirs }
          : { step: 'conflict', asked: draft.asked, theirs },
      );
    } catch (error) {
      setState({ step: 'failed', error });
    }
  };
  const close = () => {
    store.drop();
    onClose();
  };
  const takeMerged = (merged: KubeObject, theirs: KubeObject) => {
    setBase(theirs);
    write(rewriteYaml(text, merged), theirs);
    setState({ step: 'edit' });
  };
  return (
    <div
      style={{ display: 'contents' }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void review();
      }}
    >
      {kept && (
        <KeptDraft
          onTake={() => {
            setBase(kept.base);
            setText(kept.text);
            setKept(undefined);
          }}
          onDrop={() => {
            store.drop();
            setKept(undefined);
          }}
        />
      )}
      {!hasSameContent(object, base) && <Problem tone="warning" title={t('yaml.older')} />}
      {faults.map((fault) => (
        <Problem key={`${fault.line} ${fault.message}`} tone="bad" title={t('yaml.invalid', { ...fault })} />
      ))}
      {state.step === 'failed' && <FormError error={state.error} />}
      <YamlEditor
        label={t('yaml.label', { kind: kind.kind, name })}
        value={text}
        onChange={(next) => write(next)}
        faults={faults}
      />
      <Group justify="flex-end">
        <Button onClick={close}>{t('yaml.cancel')}</Button>
        <Button variant="filled" onClick={() => void review()}>
          {t('action.review')}
        </Button>
      </Group>
      {state.step === 'review' && (
        <ChangeDialog
          title={t('review.title')}
          before={state.base}
          asked={state.asked}
          change={replacing({ at, kind, name }, state.asked, state.base)}
          done={t('review.done', { name })}
          onClose={() => setState({ step: 'edit' })}
          onDone={close}
        />
      )}
      {state.step === 'conflict' && (
        <Conflict
          base={base}
          mine={state.asked}
          theirs={state.theirs}
          onClose={() => setState({ step: 'edit' })}
          onMerged={(merged) => takeMerged(merged, state.theirs)}
        />
      )}
    </div>
  );
}

function KeptDraft({ onTake, onDrop }: { onTake: () => void; onDrop: () => void }) {
  const t = useText();
  const actions = (
    <Group gap="xs">
      <Button onClick={onTake}>{t('yaml.draft.take')}</Button>
      <Button variant="subtle" onClick={onDrop}>
        {t('yaml.draft.drop')}
      </Button>
    </Group>
  );
  return <Problem tone="warning" title={t('yaml.draft')} actions={actions} />;
}

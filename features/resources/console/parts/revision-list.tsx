import { useState } from 'react';
import { Button } from '@mantine/core';
import { ActionButton, diffObjects, FieldDiff, Time, type Verdict } from '@kit/ui';
import type { Revision } from '../../contract/answers.ts';
import { useText } from '../text.ts';
import classes from './parts.module.css';

interface RevisionRowProps {
  readonly revision: Revision;
  readonly current: Revision | undefined;
  readonly verdict: Verdict;
  readonly onRollBack: (revision: Revision) => void;
}

function RevisionRow({ revision, current, verdict, onRollBack }: RevisionRowProps) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const { revision: number, isCurrent, createdAt, replicas, images, changeCause } = revision;
  return (
    <li className={classes['revision']}>
      <div className={classes['revisionHead']}>
        <h3 className={classes['revisionTitle']}>{t('revision.title', { number })}</h3>
        {isCurrent && <span className={classes['mark']}>{t('revision.current')}</span>}
        <span className="fh-soft">
          <Time at={createdAt} />
        </span>
        <span className="fh-soft">{t('revision.pods', { count: replicas })}</span>
        <span className={classes['spread']} />
        {!isCurrent && current && (
          <>
            <Button variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {t(isOpen ? 'revision.hide' : 'revision.compare')}
            </Button>
            <ActionButton
              label={t('revision.rollBack', { number })}
              icon="arrow-back-up"
              verdict={verdict}
              onClick={() => onRollBack(revision)}
            />
          </>
        )}
      </div>
      {changeCause && <p className={classes['revisionCause']}>{changeCause}</p>}
      <ul className={classes['plain']}>
        {Object.entries(images).map(([container, image]) => (
          <li key={container}>
            <span className="fh-soft">{container}</span> <code>{image}</code>
          </li>
        ))}
      </ul>
      {isOpen && current && <FieldDiff changes={diffObjects(current.template, revision.template)} />}
    </li>
  );
}

interface RevisionListProps {
  readonly revisions: readonly Revision[];
  readonly verdict: Verdict;
  readonly onRollBack: (revision: Revision) => void;
}

/** What a deployment was, newest first, each comparable with what runs and one click away from coming back. */
export function RevisionList({ revisions, ...rest }: RevisionListProps) {
  const t = useText();
  const current = revisions.find(({ isCurrent }) => isCurrent);
  if (revisions.length === 0) return <p className={classes['quiet']}>{t('revisions.none')}</p>;
  return (
    <ol className={classes['plain']}>
      {revisions.map((revision) => (
        <RevisionRow key={revision.replicaSet} revision={revision} current={current} {...rest} />
      ))}
    </ol>
  );
}

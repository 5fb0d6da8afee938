import { Fragment } from 'react';
import { useUiText } from '../text/ui-text.ts';
import type { FieldChange } from './diff-objects.ts';
import classes from './field-diff.module.css';

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}

const signs = { added: '+', changed: '~', removed: '−', defaulted: '·' } as const satisfies Record<
  FieldChange['kind'],
  string
>;

/** A long path breaks between its fields, never in the middle of a name. */
function BrokenAtDots({ path }: { path: string }) {
  return path.split(/(?=[.[])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** What a change does, field by field; what the server set by itself stands in grey at the end. */
export function FieldDiff({ changes }: { changes: readonly FieldChange[] }) {
  const t = useUiText();
  if (changes.length === 0) return <p className="fh-soft">{t('diff.none')}</p>;
  const sorted = [
    ...changes.filter(({ kind }) => kind !== 'defaulted'),
    ...changes.filter(({ kind }) => kind === 'defaulted'),
  ];
  return (
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={t('diff.kind')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('diff.kind')}</th>
            <th scope="col">{t('diff.field')}</th>
            <th scope="col">{t('diff.before')}</th>
            <th scope="col">{t('diff.after')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((change) => (
            <tr key={`${change.kind} ${change.path}`} data-kind={change.kind}>
              <td className={classes.kind}>
                <span aria-hidden="true">{signs[change.kind]}</span> {t(`diff.${change.kind}`)}
              </td>
              <td className={classes.path}>
                <BrokenAtDots path={change.path} />
              </td>
              <td className={classes.value}>{text(change.before)}</td>
              <td className={classes.value}>{text(change.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

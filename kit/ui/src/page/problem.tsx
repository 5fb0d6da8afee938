import type { ReactNode } from 'react';
import { StatusShape, type Tone } from '../status/status-mark.tsx';
import classes from './page.module.css';

interface ProblemProps {
  readonly tone: Tone;
  /** What is wrong. */
  readonly title: string;
  /** Why, and what to do. */
  readonly text?: ReactNode;
  /** The next step. */
  readonly actions?: ReactNode;
}

/** The banner that says what is wrong before anything else is said. */
export function Problem({ tone, title, text, actions }: ProblemProps) {
  return (
    <div className={classes.problem} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <StatusShape tone={tone} />
      <div className={classes.problemWords}>
        <div className={classes.problemTitle}>{title}</div>
        {text && <div className={classes.problemText}>{text}</div>}
      </div>
      {actions}
    </div>
  );
}

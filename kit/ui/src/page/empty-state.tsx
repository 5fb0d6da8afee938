import type { ReactNode } from 'react';
import classes from './page.module.css';

interface EmptyStateProps {
  /** What would be here. */
  readonly title: string;
  /** Why one wants it. */
  readonly text?: ReactNode;
  /** The one action that starts it. */
  readonly action?: ReactNode;
}

/** There is nothing here yet. */
export function EmptyState({ title, text, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <h2 className={classes.stateTitle}>{title}</h2>
      {text && <p className={classes.stateText}>{text}</p>}
      {action}
    </div>
  );
}

import classes from './status-mark.module.css';

/** Good: all is as wanted. Busy: on its way. Warning: less than wanted. Bad: nothing serves. Idle: by intent, or not heard of. */
export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'idle';

/** A state as form, colour and word; the form alone tells it without colour. */
export function StatusMark({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.root}>
      <StatusShape tone={tone} />
      <span>{children}</span>
    </span>
  );
}

/** The form alone, for a place where the word stands elsewhere. */
export function StatusShape({ tone }: { tone: Tone }) {
  return (
    <svg className={classes[tone]} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      {tone === 'good' && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {tone === 'busy' && <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="2" />}
      {tone === 'warning' && <path d="M5 0.8 9.6 9.2H0.4Z" fill="currentColor" />}
      {tone === 'bad' && <rect x="1" y="1" width="8" height="8" fill="currentColor" />}
      {tone === 'idle' && <rect x="1" y="4" width="8" height="2" fill="currentColor" />}
    </svg>
  );
}

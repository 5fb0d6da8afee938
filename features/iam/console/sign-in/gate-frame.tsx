import type { ReactNode } from 'react';
import classes from './gate-frame.module.css';

/** What stands alone on the screen before there is a session. */
export function GateFrame({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <main className={classes.screen}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/favicon.svg" width={28} height={28} alt="" />
          <span>Freehold</span>
        </div>
        <h1 className={classes.title}>{title}</h1>
        {text && <p className={classes.text}>{text}</p>}
        {children}
      </div>
    </main>
  );
}

import { useId, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { Icon } from '@kit/ui';
import { useText } from './text.ts';
import classes from './secret-text.module.css';

/** A text that is shown once, and is to be copied. */
export function SecretText({ label, value }: { label: string; value: string }) {
  const t = useText();
  const id = useId();
  const shown = useRef<HTMLPreElement>(null);
  const [isCopied, setCopied] = useState(false);
  const select = () => {
    if (shown.current) getSelection()?.selectAllChildren(shown.current);
  };
  const copy = () => {
    // Without TLS, and not on this machine, browsers have no clipboard to write to: what is selected is copied by hand.
    const clipboard = navigator.clipboard as Clipboard | undefined; // absent outside secure contexts
    if (!clipboard) return select();
    clipboard.writeText(value).then(() => setCopied(true), select);
  };
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <span id={id} className={classes.label}>
          {label}
        </span>
        <Button leftSection={<Icon name={isCopied ? 'check' : 'copy'} size={14} />} onClick={copy}>
          {t(isCopied ? 'copied' : 'copy')}
        </Button>
      </div>
      <pre ref={shown} className={classes.text} tabIndex={0} aria-labelledby={id} role="textbox" aria-readonly>
        {value}
      </pre>
    </div>
  );
}

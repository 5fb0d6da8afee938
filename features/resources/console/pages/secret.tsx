import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { Icon, toast } from '@kit/ui';
import type { ConfigValue } from '../../rules/config-values.ts';
import { formatBytes } from '../../rules/quantity.ts';
import { ConfigPage } from '../parts/config-page.tsx';
import classes from '../parts/parts.module.css';
import { useText } from '../text.ts';

function HiddenValue({ value: { key, text, bytes } }: { value: ConfigValue }) {
  const t = useText();
  const [isShown, setShown] = useState(false);
  const size = formatBytes(String(bytes));
  if (text === undefined) return <p className={classes['quiet']}>{t('config.binary', { size })}</p>;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast.done(t('secret.copied', { key })),
      (error: unknown) => toast.failed(error),
    );
  return (
    <>
      {isShown ? (
        <pre className={classes['value']} tabIndex={0} aria-label={key}>
          {text}
        </pre>
      ) : (
        <p className={classes['quiet']}>{t('secret.hidden', { size })}</p>
      )}
      <Group gap="xs">
        <Button leftSection={<Icon name={isShown ? 'eye-off' : 'eye'} size={14} />} onClick={() => setShown(!isShown)}>
          {t(isShown ? 'secret.hide' : 'secret.show', { key })}
        </Button>
        <Button leftSection={<Icon name="copy" size={14} />} onClick={() => void copy()}>
          {t('secret.copy', { key })}
        </Button>
      </Group>
    </>
  );
}

/** One secret: each value is hidden until it is asked for. */
export default function SecretPage() {
  return <ConfigPage of="secret" renderValue={(value) => <HiddenValue value={value} />} />;
}

import type { ConfigValue } from '../../rules/config-values.ts';
import { formatBytes } from '../../rules/quantity.ts';
import { ConfigPage } from '../parts/config-page.tsx';
import classes from '../parts/parts.module.css';
import { useText } from '../text.ts';

function PlainValue({ value: { key, text, bytes } }: { value: ConfigValue }) {
  const t = useText();
  if (text === undefined)
    return <p className={classes['quiet']}>{t('config.binary', { size: formatBytes(String(bytes)) })}</p>;
  return (
    <pre className={classes['value']} tabIndex={0} aria-label={key}>
      {text}
    </pre>
  );
}

/** One config map, its values in the open. */
export default function ConfigMapPage() {
  return <ConfigPage of="configMap" renderValue={(value) => <PlainValue value={value} />} />;
}

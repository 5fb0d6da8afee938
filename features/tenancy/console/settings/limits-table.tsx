import { useText } from '../text.ts';
import { limitParts, type Limits } from './limits-form.tsx';
import classes from './settings.module.css';

/** What is set of the limits of containers. */
export function LimitsTable({ label, limits }: { label: string; limits: Limits }) {
  const t = useText();
  return (
    <table className={classes.limits} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('limits.what')}</th>
          <th scope="col">{t('limits.cpu')}</th>
          <th scope="col">{t('limits.memory')}</th>
        </tr>
      </thead>
      <tbody>
        {limitParts.map((part) => (
          <tr key={part}>
            <th scope="row">{t(`limits.${part}`)}</th>
            <td>{limits[part]?.['cpu'] ?? t('limits.none')}</td>
            <td>{limits[part]?.['memory'] ?? t('limits.none')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

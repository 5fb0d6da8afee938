import { Progress } from '@mantine/core';
import { useText } from '../text.ts';
import { fractionOf } from './quota-fraction.ts';
import { useResourceName } from './use-resource-name.ts';
import classes from './settings.module.css';

/** How much of one limit is used: in words, and as a bar. */
export function UsageBar({ resource, used, hard }: { resource: string; used: string; hard: string }) {
  const t = useText();
  const resourceName = useResourceName();
  const percent = Math.min(100, Math.round(fractionOf(used, hard) * 100));
  const name = resourceName(resource);
  const figures = t('quota.figures', { used, hard });
  return (
    <div>
      <div className={classes.barWords}>
        <span>{name}</span>
        <span className="fh-soft">{figures}</span>
      </div>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          color={percent >= 90 ? 'red' : undefined}
          aria-label={`${name}: ${figures}`}
        />
      </Progress.Root>
    </div>
  );
}

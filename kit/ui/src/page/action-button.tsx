import { Button, Menu, Tooltip } from '@mantine/core';
import type { Verdict } from '../api/can.ts';
import { Icon, type IconName } from '../icons/icon.tsx';
import type { Href } from '../place/href.ts';
import { useGo } from '../place/use-go.ts';
import { useWhyNot } from '../shell/why-not.ts';
import { useUiText } from '../text/ui-text.ts';

export interface ActionProps {
  readonly label: string;
  readonly icon?: IconName;
  /** Whether the user may; a forbidden action is disabled and says why. */
  readonly verdict?: Verdict;
  /** Why it cannot be done now, whoever asks. */
  readonly disabledReason?: string;
  readonly onClick?: () => void;
  readonly href?: Href;
  readonly danger?: boolean;
  readonly loading?: boolean;
}

/** Why an action is off, or undefined when it is on. */
function useReason({ verdict, disabledReason }: ActionProps): string | undefined {
  const t = useUiText();
  if (verdict && !verdict.known) return t('action.checking');
  if (verdict && !verdict.allowed)
    return verdict.reason ? t('action.forbidden', { reason: verdict.reason }) : t('action.forbidden.plain');
  return disabledReason;
}

/** What a press does: the action, or, where a right is missing, the explanation. */
function usePress(action: ActionProps, reason: string | undefined): () => void {
  const go = useGo();
  const whyNot = useWhyNot();
  const { verdict, label, href, onClick } = action;
  if (reason === undefined) return () => (href ? go(href) : onClick?.());
  const asked = verdict?.known && !verdict.allowed ? verdict.asked : undefined;
  return () => asked && whyNot?.({ asked, action: label });
}

/** A button that says what it does; disabled it can still be focused, to read why. */
export function ActionButton({ variant, ...action }: ActionProps & { variant?: 'primary' | 'quiet' }) {
  const reason = useReason(action);
  const press = usePress(action, reason);
  const look = variant === 'primary' ? 'filled' : variant === 'quiet' ? 'subtle' : 'default';
  return (
    <Tooltip label={reason} disabled={!reason}>
      <Button
        variant={look}
        leftSection={action.icon && <Icon name={action.icon} size={14} />}
        loading={action.loading}
        aria-disabled={reason ? true : undefined}
        data-disabled={reason ? true : undefined}
        onClick={press}
      >
        {action.label}
      </Button>
    </Tooltip>
  );
}

interface ActionMenuProps {
  readonly label: string;
  readonly items: readonly ActionProps[];
  /** Without a frame, for rows. */
  readonly quiet?: boolean;
}

/** The less likely actions of a page or a row. */
export function ActionMenu({ label, items, quiet = false }: ActionMenuProps) {
  return (
    <Menu>
      <Menu.Target>
        <Button
          aria-label={label}
          px="xs"
          variant={quiet ? 'subtle' : 'default'}
          color="gray"
          size={quiet ? 'compact-sm' : 'xs'}
        >
          <Icon name="dots" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((item) => (
          <ActionItem key={item.label} {...item} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ActionItem(action: ActionProps) {
  const reason = useReason(action);
  const press = usePress(action, reason);
  return (
    <Menu.Item
      leftSection={action.icon && <Icon name={action.icon} size={14} />}
      c={action.danger && !reason ? 'var(--fh-bad)' : undefined}
      aria-disabled={reason ? true : undefined}
      closeMenuOnClick={!reason}
      onClick={press}
    >
      <span className={reason ? 'fh-soft' : undefined}>{action.label}</span>
      {reason && <div className="fh-soft fh-reason">{reason}</div>}
    </Menu.Item>
  );
}

import { StatusMark } from '@kit/ui';
import type { UserItem } from '../api.ts';
import { useText } from '../text.ts';

/** Whether a user can sign in, and if not why. */
export function UserState({ user }: { user: UserItem }) {
  const t = useText();
  const state = user.status?.state;
  if (state === 'Disabled') return <StatusMark tone="idle">{t('state.disabled')}</StatusMark>;
  if (state === 'AuthLimitExceeded') return <StatusMark tone="warning">{t('state.limited')}</StatusMark>;
  if (state === 'Active') return <StatusMark tone="good">{t('state.active')}</StatusMark>;
  return <StatusMark tone="busy">{t('state.pending')}</StatusMark>;
}

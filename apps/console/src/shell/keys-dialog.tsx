import { Modal } from '@mantine/core';
import { Facts } from '@kit/ui';
import { useShellText } from '../text.ts';

/** What each key does. */
export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useShellText();
  const keys = [
    ['Ctrl K', t('keys.palette')],
    ['/', t('keys.filter')],
    ['j  k', t('keys.move')],
    ['Enter', t('keys.open')],
    ['Space', t('keys.peek')],
    ['x', t('keys.select')],
    ['?', t('keys.help')],
  ] as const;
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')}>
      <Facts items={keys.map(([key, label]) => ({ label: key, value: label }))} />
    </Modal>
  );
}

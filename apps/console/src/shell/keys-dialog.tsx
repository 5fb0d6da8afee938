import { Modal } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Facts } from '@kit/ui';
import { useShellText } from '../text.ts';

/** All keys, on `?`. */
export function KeysDialog() {
  const t = useShellText();
  const [isOpen, { open, close }] = useDisclosure(false);
  useHotkeys([['shift + ?', open]]);
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
    <Modal opened={isOpen} onClose={close} title={t('keys.title')}>
      <Facts items={keys.map(([key, label]) => ({ label: key, value: label }))} />
    </Modal>
  );
}

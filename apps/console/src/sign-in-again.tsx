import type { ReactNode } from 'react';
import { Modal } from '@mantine/core';
import { useShellText } from './text.ts';

/** Asks for the sign-in on top of what is open: nothing closes it but that. */
export function SignInAgain({ children }: { children: ReactNode }) {
  const t = useShellText();
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t('ended')}
    >
      {children}
    </Modal>
  );
}

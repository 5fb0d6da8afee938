import type { ReactNode } from 'react';
import { Drawer } from '@mantine/core';

interface SidePanelProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

/** Beside the page: the summary of a row, or a form that needs the list in sight. Escape closes it. */
export function SidePanel({ opened, onClose, title, children }: SidePanelProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={title}
      position="right"
      size="md"
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {children}
    </Drawer>
  );
}

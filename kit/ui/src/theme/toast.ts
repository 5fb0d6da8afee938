import type { NotificationData } from '@mantine/notifications';
import { isRequestError } from '../api/request-error.ts';

// On its way since the first key or click (ToastHost), so that it is there when the server no longer is.
function show(notification: NotificationData): void {
  void import('@mantine/notifications').then(({ notifications }) => notifications.show(notification));
}

/** Says how an action ended that has no place of its own on the page. */
export const toast = {
  done(text: string): void {
    show({ message: text, autoClose: 4000, withCloseButton: true });
  },
  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const title = isRequestError(error) ? error.tried : undefined;
    show({ title, message, color: 'red', autoClose: 10_000, role: 'alert' });
  },
};

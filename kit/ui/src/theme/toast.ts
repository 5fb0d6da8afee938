import { notifications } from '@mantine/notifications';
import { isRequestError } from '../api/request-error.ts';

/** Says how an action ended that has no place of its own on the page. */
export const toast = {
  done(text: string): void {
    notifications.show({ message: text, autoClose: 4000, withCloseButton: true });
  },
  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const title = isRequestError(error) ? error.tried : undefined;
    notifications.show({ title, message, color: 'red', autoClose: 10_000, role: 'alert' });
  },
};

import { useState } from 'react';
import { RouterProvider } from '@tanstack/react-router';
import { createConsoleRouter } from './router.tsx';

/** The console behind the sign-in; its code is loaded when somebody is signed in. */
export function Console() {
  const [router] = useState(createConsoleRouter);
  return <RouterProvider router={router} />;
}

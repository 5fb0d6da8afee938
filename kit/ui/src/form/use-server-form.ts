import { useState } from 'react';
import { useForm, type UseFormInput, type UseFormReturnType } from '@mantine/form';
import { isRequestError } from '../api/request-error.ts';

interface ServerFormOptions<Values> extends UseFormInput<Values> {
  /** Sends the values; a failure becomes errors of the form. */
  readonly send: (values: Values) => Promise<unknown>;
  /** The server's field -> the form's, e.g. `{ 'metadata.name': 'name' }`. */
  readonly fields?: Readonly<Record<string, keyof Values & string>>;
}

export interface ServerForm<Values> {
  readonly form: UseFormReturnType<Values>;
  readonly isSending: boolean;
  /** A failure that belongs to no field. */
  readonly error: unknown;
  readonly submit: (event: React.FormEvent<HTMLFormElement>) => void;
}

/** A form whose fields show what the server says about them; the first wrong field takes the focus. */
export function useServerForm<Values extends Record<string, unknown>>({
  send,
  fields = {},
  ...options
}: ServerFormOptions<Values>): ServerForm<Values> {
  const form = useForm<Values>(options);
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();

  const showFailure = (failure: unknown) => {
    const causes = isRequestError(failure) ? failure.causes : [];
    const known = causes.flatMap(({ field = '', message }) =>
      fields[field] ? [[fields[field], message] as const] : [],
    );
    for (const [field, message] of known) form.setFieldError(field, message);
    const first = known[0]?.[0];
    if (first) form.getInputNode(first)?.focus();
    setError(known.length === causes.length && known.length > 0 ? undefined : failure);
  };
  const submit = form.onSubmit(
    (values) => {
      setSending(true);
      setError(undefined);
      void send(values)
        .catch(showFailure)
        .finally(() => setSending(false));
    },
    (errors) => {
      const first = Object.keys(errors)[0];
      if (first) form.getInputNode(first)?.focus();
    },
  );
  return { form, isSending, error, submit };
}

import { useState } from 'react';
import { Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, Confirm, toast } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { placeOf, roleTitle, type RequestItem } from './requests-api.ts';

interface DecideRequestProps {
  readonly request: RequestItem;
  readonly deciding: 'approve' | 'deny' | undefined;
  readonly onClose: () => void;
}

/** Approves or denies a request, with a word to whoever asked. */
export function DecideRequest({ request, deciding, onClose }: DecideRequestProps) {
  const t = useText();
  const queries = useQueryClient();
  const [comment, setComment] = useState('');
  const approve = deciding === 'approve';
  const { user, reason, hours } = request.spec;
  const close = () => {
    setComment('');
    onClose();
  };
  return (
    <Confirm
      opened={deciding !== undefined}
      onClose={close}
      title={t(approve ? 'requests.approve.title' : 'requests.deny.title', { user })}
      confirmLabel={t(approve ? 'requests.approve' : 'requests.deny')}
      danger={!approve}
      onConfirm={async () => {
        const body = { approve, ...(comment.trim() ? { comment: comment.trim() } : {}) };
        await api.post(`${paths.requests}/${request.metadata.name}/decision`, body);
        toast.done(t(approve ? 'requests.approved' : 'requests.denied', { user }));
        await Promise.all([
          queries.invalidateQueries({ queryKey: ['list', paths.requests] }),
          queries.invalidateQueries({ queryKey: ['list', paths.notices] }),
        ]);
      }}
    >
      <div>
        {t('requests.line', { user, role: roleTitle(request.spec, t), place: placeOf(request) })}{' '}
        {hours ? t('requests.line.hours', { count: hours }) : t('requests.line.forGood')}
      </div>
      {reason && <blockquote>{reason}</blockquote>}
      <Textarea
        label={t('requests.comment')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        data-autofocus
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </Confirm>
  );
}

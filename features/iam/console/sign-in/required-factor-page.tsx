import { Button } from '@mantine/core';
import { api, toast } from '@kit/ui';
import { EnrolSecondFactor } from '../account/enrol-second-factor.tsx';
import { useText } from '../text.ts';
import { GateFrame } from './gate-frame.tsx';

/** Where the platform asks for a second factor: nothing else opens before there is one. */
export default function RequiredFactorPage({ onChanged }: { onChanged: () => void }) {
  const t = useText();
  const leave = () => {
    api.delete('/session').then(
      () => window.location.assign('/'),
      (error: unknown) => toast.failed(error),
    );
  };
  return (
    <GateFrame title={t('secondFactor.required')} text={t('secondFactor.required.text')}>
      <EnrolSecondFactor onDone={onChanged} />
      <Button variant="subtle" size="sm" fullWidth mt="sm" onClick={leave}>
        {t('secondFactor.back')}
      </Button>
    </GateFrame>
  );
}

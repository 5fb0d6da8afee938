import { Facts, Time } from '@kit/ui';
import { useText } from '../text.ts';
import { phaseOf, placeOf, roleTitle, type RequestItem } from './requests-api.ts';

/** Everything that is known of a request. */
export function RequestFacts({ request }: { request: RequestItem }) {
  const t = useText();
  const { metadata, spec, status } = request;
  return (
    <Facts
      items={[
        { label: t('requests.user'), value: spec.user },
        {
          label: t('requests.role'),
          value: t('requests.roleIn', { role: roleTitle(spec, t), place: placeOf(request) }),
        },
        { label: t('requests.reason'), value: spec.reason },
        {
          label: t('requests.life'),
          value: spec.hours ? t('requests.hours', { count: spec.hours }) : t('requests.forGood'),
        },
        { label: t('requests.asked'), value: <Time at={metadata.creationTimestamp} /> },
        { label: t('state'), value: t(`requests.phase.${phaseOf(request)}`) },
        { label: t('requests.decidedBy'), value: status?.decidedBy },
        { label: t('requests.decidedAt'), value: status?.decidedAt && <Time at={status.decidedAt} /> },
        { label: t('requests.answer'), value: status?.comment },
        { label: t('requests.until'), value: status?.expiresAt && t('at', { time: Date.parse(status.expiresAt) }) },
      ]}
    />
  );
}

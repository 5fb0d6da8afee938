import { useQuery } from '@tanstack/react-query';
import { api, Loaded, Section, SidePanel, type WhyNotQuestion } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { RequestAccess } from './request-access.tsx';
import { askedForFirst, isRequestable, useRemedyName, type Explanation } from './remedies.ts';

/** Why somebody may not do something, which roles would let them, who gives those, and the way to ask. */
export default function WhyNot({ asked, action, onClose }: WhyNotQuestion & { onClose: () => void }) {
  const t = useText();
  return (
    <SidePanel opened onClose={onClose} title={t('whyNot.title', { action })}>
      <Answer asked={asked} onClose={onClose} />
    </SidePanel>
  );
}

function Answer({ asked, onClose }: { asked: WhyNotQuestion['asked']; onClose: () => void }) {
  const t = useText();
  const remedyName = useRemedyName();
  const query = useQuery({
    queryKey: ['why-not', asked],
    queryFn: ({ signal }) => api.get<Explanation>(paths.explanations, { query: { ...asked }, signal }),
    staleTime: 0,
  });
  return (
    <Loaded query={query}>
      {({ allowed, reason, remedies }) => (
        <div className="fh-stack">
          {allowed && <div>{t('whyNot.allowed')}</div>}
          <div className="fh-soft">{t('whyNot.reason', { reason })}</div>
          {remedies.length > 0 && (
            <Section title={t('whyNot.roles')}>
              <ul className="fh-lines">
                {[...remedies].sort(askedForFirst).map((remedy) => (
                  <li key={`${remedy.kind}/${remedy.namespace ?? remedy.workspace ?? ''}/${remedy.role}`}>
                    {remedyName(remedy)}
                    <div className="fh-soft">
                      {remedy.mayGrant.length > 0
                        ? t('whyNot.granters', { names: remedy.mayGrant.join(', ') })
                        : t('whyNot.granters.unknown')}
                    </div>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          {!allowed && remedies.some(isRequestable) ? (
            <RequestAccess remedies={remedies.filter(isRequestable)} onDone={onClose} />
          ) : (
            !allowed && <div>{t('whyNot.platform')}</div>
          )}
        </div>
      )}
    </Loaded>
  );
}

import { lazy, Suspense, useState, type ReactNode } from 'react';
import { WhyNotContext, type WhyNotQuestion } from '@kit/ui';
import { features } from '../features.ts';

const source = features.find((feature) => feature.whyNot)?.whyNot;
const WhyNot = source && lazy(source);

/** Lets every page ask why something is not allowed, and shows the answer beside it. */
export function WhyNotProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<WhyNotQuestion>();
  return (
    <WhyNotContext value={WhyNot && setQuestion}>
      {children}
      {WhyNot && question && (
        <Suspense fallback={null}>
          <WhyNot {...question} onClose={() => setQuestion(undefined)} />
        </Suspense>
      )}
    </WhyNotContext>
  );
}

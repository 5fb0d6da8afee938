import { useEffect, useEffectEvent, useRef } from 'react';
import { hasChosenLanguage, languages } from '@kit/ui';
import { useChooseLanguage } from './shell/use-commands.ts';

/** Speaks the language of the account: in a browser where none was chosen yet, and when it is changed there. */
export function useAccountLanguage(lang: string | undefined): void {
  const choose = useChooseLanguage();
  const before = useRef<string | undefined>(undefined);
  const onLanguage = useEffectEvent((next: string | undefined) => {
    const isChange = before.current !== undefined && before.current !== next;
    before.current = next ?? '';
    const language = languages.find((one) => one === next);
    if (language && (isChange || !hasChosenLanguage())) choose(language);
  });
  useEffect(() => onLanguage(lang), [lang]);
}

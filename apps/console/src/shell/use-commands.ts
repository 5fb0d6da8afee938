import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, languages, rememberLanguage, speak, toast, type IconName, type Language } from '@kit/ui';
import { messageSources, useShellText } from '../text.ts';

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어', zh: '中文' };

export const themeIcons = { light: 'sun', dark: 'moon', auto: 'device-desktop' } as const satisfies Record<
  MantineColorScheme,
  IconName
>;

/** Ends the session; the page is loaded anew so that nothing of it stays in memory. */
export async function signOut(): Promise<void> {
  try {
    await api.delete('/session');
    window.location.assign('/');
  } catch (error) {
    toast.failed(error);
  }
}

/** Changes the language now and for the next time. */
export function useChooseLanguage(): (language: Language) => void {
  const { i18n } = useTranslation();
  return (language) => {
    rememberLanguage(language);
    speak(i18n, messageSources, language).catch((error: unknown) => toast.failed(error));
  };
}

/** What can be done from anywhere. */
export function useCommands(): readonly { id: string; label: string; icon: IconName; run: () => void }[] {
  const t = useShellText();
  const { setColorScheme } = useMantineColorScheme();
  const chooseLanguage = useChooseLanguage();
  const themes = Object.entries(themeIcons) as [MantineColorScheme, IconName][]; // its keys are exactly the schemes
  return [
    ...themes.map(([scheme, icon]) => ({
      id: `theme-${scheme}`,
      label: `${t('theme')}: ${t(`theme.${scheme}`)}`,
      icon,
      run: () => setColorScheme(scheme),
    })),
    ...languages.map((language) => ({
      id: `language-${language}`,
      label: `${t('language')}: ${languageNames[language]}`,
      icon: 'language' as const,
      run: () => chooseLanguage(language),
    })),
    { id: 'sign-out', label: t('signOut'), icon: 'logout', run: () => void signOut() },
  ];
}

import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages, type Language, type Messages } from './messages.ts';

type Loaders = Readonly<Record<Language, () => Promise<{ messages: Messages }>>>;

/** Everything that has messages: namespace -> how to get them. */
export type MessageSources = Readonly<Record<string, Loaders>>;

const ownMessages: Loaders = {
  en: () => import('../messages/en.ts'),
  ko: () => import('../messages/ko.ts'),
  zh: () => import('../messages/zh.ts'),
};

const storageKey = 'freehold.language';

/** The language the user chose, or the first of the browser's that the console speaks. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages];
  const spoken = wanted.map((tag) => languages.find((language) => language === tag.slice(0, 2).toLowerCase()));
  return spoken.find((language) => language !== undefined) ?? 'en';
}

/** Loads a language's messages, then speaks it, now and the next time. */
export async function speak(instance: i18n, sources: MessageSources, language: Language): Promise<void> {
  const all = Object.entries({ ...sources, ui: ownMessages });
  const loaded = await Promise.all(
    all.map(async ([namespace, loaders]) => [namespace, (await loaders[language]()).messages] as const),
  );
  for (const [namespace, messages] of loaded) instance.addResourceBundle(language, namespace, messages, false, true);
  await instance.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Whether a language was chosen in this browser. */
export function hasChosenLanguage(): boolean {
  return localStorage.getItem(storageKey) !== null;
}

/** Remembers the user's choice in this browser. */
export function rememberLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
}

/** The texts of the console in the preferred language. Keys are flat; a missing one shows itself. */
export async function createTexts(sources: MessageSources): Promise<i18n> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: preferredLanguage(),
    resources: {},
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await speak(instance, sources, preferredLanguage());
  return instance;
}

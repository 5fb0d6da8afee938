import { languages, type Language, type Messages } from './messages.ts';

const pluralForm = /_(zero|one|two|few|many|other)$/;

function stem(key: string): string {
  return key.replace(pluralForm, '');
}

function placeholders(text: string): string {
  return [...new Set([...text.matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]))].sort().join(' ');
}

function stems(messages: Messages): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, text] of Object.entries(messages))
    if (!/_(zero|one|two|few|many)$/.test(key)) found.set(stem(key), text);
  return found;
}

function missingForms(language: Language, messages: Messages): string[] {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const plurals = new Set(
    Object.keys(messages)
      .filter((key) => pluralForm.test(key))
      .map(stem),
  );
  return [...plurals].flatMap((key) =>
    forms
      .filter((form) => messages[`${key}_${form}`] === undefined)
      .map((form) => `${language}: "${key}" has no form "${form}"`),
  );
}

/** What the languages of a feature do not agree on: keys, plural forms, placeholders. Empty when all is well. */
export function compareMessages(all: Readonly<Record<Language, Messages>>): string[] {
  const english = stems(all.en);
  return languages.flatMap((language) => {
    const own = stems(all[language]);
    const missing = [...english.keys()].filter((key) => !own.has(key)).map((key) => `${language}: no "${key}"`);
    const surplus = [...own.keys()]
      .filter((key) => !english.has(key))
      .map((key) => `${language}: "${key}" is not in English`);
    const differing = [...own].filter(
      ([key, text]) => english.has(key) && placeholders(text) !== placeholders(english.get(key) ?? ''),
    );
    return [
      ...missing,
      ...surplus,
      ...differing.map(([key]) => `${language}: "${key}" has other placeholders`),
      ...missingForms(language, all[language]),
    ];
  });
}

/** The languages every feature speaks from its first page on. */
export const languages = ['en', 'ko', 'zh'] as const;
export type Language = (typeof languages)[number];

/**
 * Message key -> text. `{{name}}` is a placeholder, `{{count, number}}` one in the form of the language. A plural message
 * has one entry per form that the language has: `rows_one` and `rows_other` in English, `rows_other` in Korean and Chinese.
 */
export type Messages = Readonly<Record<string, string>>;

type Bare<Key> = Key extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : Key;

/** The keys that code asks for: plural forms count as one. */
export type MessageKey<M extends Messages> = Bare<keyof M & string>;

/** Gives the text of a key in the user's language; `count` chooses the plural form. */
export type Translate<M extends Messages> = (
  key: MessageKey<M>,
  values?: Readonly<Record<string, string | number>>,
) => string;

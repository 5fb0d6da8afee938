/** Something that reads what strangers send. It may refuse with an `ApiError` and nothing else. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly [Buffer, ...Buffer[]];
  read(bytes: Buffer): unknown;
}

/** Seeds written as text. */
export const texts = (first: string, ...more: string[]): [Buffer, ...Buffer[]] => [
  Buffer.from(first),
  ...more.map((text) => Buffer.from(text)),
];

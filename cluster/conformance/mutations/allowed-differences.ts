/** Probes that are answered differently on purpose, or not yet alike, and why. */
export const allowedDifferences: readonly { readonly why: string; readonly probes: readonly string[] }[] = [];

/** Commands whose answers may differ from those of a real cluster, by script, each with the reason. */
export const allowedDifferences: Readonly<Record<string, string>> = {};

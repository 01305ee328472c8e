export const coveredBy: Readonly<Record<string, string>> = {};

/** What finds `term` anywhere in a text by LIKE, its own percent signs and underscores taken as they are. */
export const likePattern = (term: string): string => `%${term.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;

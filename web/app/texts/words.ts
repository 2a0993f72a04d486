import { en } from './en.ts';
import { id } from './id.ts';
import { textsIn } from './language.ts';

/** What every page says, in the language of this phone. */
export const { useTexts: useWords, textsNow: wordsNow } = textsIn({ id, en });

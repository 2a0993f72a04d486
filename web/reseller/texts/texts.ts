import { textsIn } from '../../app/texts/language.ts';
import { en } from './en.ts';
import { id } from './id.ts';

export type { Texts } from './id.ts';

export const { useTexts, textsNow } = textsIn({ id, en });

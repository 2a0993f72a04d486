/** Which of the pages this is, by the folder of its address: what they keep on a phone stands under it, each for itself. */
export const pageName = (): string => new URL('.', document.baseURI).pathname.split('/').at(-2) ?? '';

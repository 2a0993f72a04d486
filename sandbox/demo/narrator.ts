/** Tells the story on the terminal as it happens. */
export type Narrator = {
  chapter(title: string): void;
  /** Does `work`, then tells what came of it with the milliseconds that it took. */
  step<T>(tell: (result: T) => string, work: () => Promise<T>): Promise<T>;
  /** A measured time that is not a step's own. */
  timed(ms: number, text: string): void;
  aside(text: string): void;
};

const margin = 12;
const lineUp = (left: string, text: string): string =>
  text
    .split('\n')
    .map((line, i) => `${(i === 0 ? left : '').padStart(margin)}  ${line}`)
    .join('\n');

export const milliseconds = (ms: number): string =>
  `${Math.max(0, Math.round(ms)).toLocaleString('en').replace(',', ' ')} ms`;

export function createNarrator(write: (line: string) => void): Narrator {
  return {
    chapter: (title) => write(`\n${title}`),
    async step(tell, work) {
      const began = performance.now();
      const result = await work();
      write(lineUp(milliseconds(performance.now() - began), tell(result)));
      return result;
    },
    timed: (ms, text) => write(lineUp(milliseconds(ms), text)),
    aside: (text) => write(lineUp('', text)),
  };
}

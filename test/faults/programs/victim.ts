type Order<Place> = 'go' | { readonly place: Place };

/**
 * The process's own half of `openVictims`: loaded, it waits for its place, prepares there, and works when it is let go.
 * It ends with whoever started it.
 */
export function playVictim<Place>(prepare: (place: Place) => Promise<() => Promise<unknown>>): void {
  let work: (() => Promise<unknown>) | null = null;
  const tell = (word: string): void => void process.send?.(word);
  const failed = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  };
  process.on('message', (order: Order<Place>) => {
    if (order === 'go') work?.().then(() => tell('working'), failed);
    else if (typeof order === 'object' && 'place' in order) {
      prepare(order.place).then((ready) => {
        work = ready;
        tell('ready');
      }, failed);
    }
  });
  process.on('disconnect', () => process.exit(0));
  tell('loaded');
}

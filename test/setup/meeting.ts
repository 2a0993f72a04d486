/** Waits until so many have come: what each did before then happened before what any does after. */
export function meeting(size: number): () => Promise<void> {
  let left = size;
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    left -= 1;
    if (left <= 0) open();
    return all;
  };
}

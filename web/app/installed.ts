import { createStored } from './kept/stored.ts';

/** A build that is kept on the phone and waits for its turn. */
export const waitingWorker = createStored<ServiceWorker | null>(null);

function watch(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    // With no build in charge yet, the one that waits is the first: it takes over by itself.
    if (navigator.serviceWorker.controller) waitingWorker.write(registration.waiting);
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
}

/** Keeps the page on the phone, so that it opens without signal; and asks that the queue is not cleared away with caches. */
export async function install(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  let isUpdating = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isUpdating) location.reload();
    isUpdating = true;
  });
  watch(await navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'none' }));
  await navigator.storage?.persist?.();
}

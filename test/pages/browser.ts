import { type Browser, chromium } from 'playwright-core';

/** A Chromium with a camera that plays a film, and with the switches that a test needs beside the usual. */
export const launch = (...switches: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...switches,
    ],
  });

let usual: Promise<Browser> | undefined;

/**
 * The Chromium of this process of the tests, which ends with it: to start one costs more than most of what is looked at in
 * it. Who opens a context closes it.
 */
export function usualBrowser(): Promise<Browser> {
  usual ??= launch();
  return usual;
}

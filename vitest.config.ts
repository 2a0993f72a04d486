import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';

/** Waiting times of fault tests are multiplied by this; `1` is the full length that the goals are stated for. */
const faultScale = process.env.JEMBATAN_FAULT_SCALE ?? '0.1';

const zones = '{src,connectors,sandbox,web,test,tools,migrations}';
/** Files that need databases, FreeRADIUS, Chromium as well. */
const needsServices = ['db', 'live', 'browser'].map((kind) => `${zones}/**/*.${kind}.test.ts`);

/**
 * One project for what needs nothing running and one for what needs services, which are started only when one of its files
 * was selected. `unit` runs beside the checks of `npm test`, and the other after it (`groupOrder`).
 */
export default defineConfig({
  test: {
    pool: 'forks',
    // Nothing that changes is kept in a module, so files of one process share what they import.
    isolate: false,
    env: { JEMBATAN_FAULT_SCALE: faultScale },
    restoreMocks: true,
    unstubEnvs: true,
    allowOnly: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${zones}/**/*.test.ts`],
          exclude: needsServices,
          testTimeout: 20_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: needsServices,
          globalSetup: ['./test/setup/databases.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // More than cores: many of these tests wait for what they broke to come back, for a router, for a page.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

/** Waiting times of fault tests are multiplied by this; `1` is the full length that the goals are stated for. */
const faultScale = process.env.JEMBATAN_FAULT_SCALE ?? '0.1';

const zones = '{src,connectors,sandbox,web,test,tools,migrations}';
const databases = ['./test/setup/databases.ts'];
const needsSomething = ['db', 'live', 'browser'];
/** More workers than cores: many of these tests wait for what they broke to come back, for a router, for a page. */
const together = { maxWorkers: 3, sequence: { groupOrder: 1 } };

/**
 * One project per kind of test; a kind's services are started only when one of its files was selected. `unit` runs beside
 * the checks of `npm test`. The others are one group (`groupOrder`), so that none waits for the last file of another.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    // Nothing in the project keeps anything in a module, so files of one process share what they import.
    isolate: false,
    env: { JEMBATAN_FAULT_SCALE: faultScale },
    restoreMocks: true,
    unstubEnvs: true,
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${zones}/**/*.test.ts`],
          exclude: needsSomething.map((kind) => `**/*.${kind}.test.ts`),
          testTimeout: 20_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          include: [`${zones}/**/*.db.test.ts`],
          globalSetup: databases,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...together,
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: [`${zones}/**/*.live.test.ts`],
          globalSetup: databases,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...together,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [`${zones}/**/*.browser.test.ts`],
          globalSetup: databases,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...together,
        },
      },
    ],
  },
});

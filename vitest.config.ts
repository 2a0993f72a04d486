import { defineConfig } from 'vitest/config';

/** Waiting times of fault tests are multiplied by this; `1` is the full length that the goals are stated for. */
const faultScale = process.env.JEMBATAN_FAULT_SCALE ?? '0.1';

const zones = '{src,connectors,sandbox,web,test,tools,migrations}';
const databases = ['./test/setup/databases.ts'];
const needsSomething = ['db', 'live', 'browser'];

/**
 * One project per kind of test; a kind's services are started only when one of its files was selected. Kinds run one
 * after the other (`groupOrder`), so that a fault test is not starved by a property test beside it.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
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
          // Nothing in the project keeps anything in a module, so files of one process share what they import.
          isolate: false,
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
          isolate: false,
          // More than cores: many of them wait for what they broke to come back.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
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
          sequence: { groupOrder: 2 },
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
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

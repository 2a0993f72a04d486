import './provided.ts';
import type { TestProject } from 'vitest/node';
import { startTestServices, type TestServices } from './test-services.ts';

type Held = { readonly services: Promise<TestServices>; users: number };

// Every vitest project loads this module afresh; the servers are the run's, so they hang on the process.
const holder = globalThis as { jembatanTestServices?: Held };

/** Runs once per vitest project that has selected files: the first starts the servers, the last stops them. */
export default async function provideDatabases(project: TestProject): Promise<() => Promise<void>> {
  holder.jembatanTestServices ??= { services: startTestServices(), users: 0 };
  const held = holder.jembatanTestServices;
  held.users += 1;
  const services = await held.services;
  project.provide('postgresUrl', services.postgresUrl);
  project.provide('mariadbUrl', services.mariadbUrl);
  project.provide('redisUrl', services.redisUrl);
  return async () => {
    held.users -= 1;
    if (held.users > 0) return;
    delete holder.jembatanTestServices;
    await services.stop();
  };
}

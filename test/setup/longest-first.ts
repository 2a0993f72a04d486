import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute and more, the longest first: one that began last would have a processor wait for its end. */
const longest = [
  'faults/api-killed',
  'api/roles',
  'model/migrations',
  'api/lists',
  'api/tenants-never-meet',
  'pipeline/radius-away',
  'faults/worker-killed',
  'api/mass-assignment',
  'faults/postgres',
  'pipeline/many-processes',
  'pipeline/ledger-scenarios',
  'pipeline/repairs',
  'pipeline/main-job',
  'pipeline/crash',
  'api/fuzz',
  'pipeline/enforcer-follows',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex((name) => moduleId.includes(`/test/${name}`));
  return found === -1 ? longest.length : found;
};

/** Runs what is known to be long before all else; of the rest the larger files first, as vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './bootstrap.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

const tool = (name) => join(root, 'node_modules', '.bin', name);

/** The compiler that holds the types; the other TypeScript is for tools that read the code through its API. */
export const typeChecker = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');

/** Checks that are no tests. Walls and purity are tests of the `unit` project (test/house). */
const commands = {
  types: [typeChecker, '-p', 'tsconfig.json'],
  'types of the pages': [typeChecker, '-p', 'web/tsconfig.json'],
  lint: [tool('biome'), 'check', '--error-on-warnings', '--colors=off', '.'],
  'dead code': [tool('knip'), '--no-progress'],
};

function quietly(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (part) => {
      output += part;
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

async function check(name) {
  const began = performance.now();
  const [file, ...args] = commands[name];
  const { code, output } = await quietly(file, args);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

/** Runs the named checks side by side and says how many hold. @returns {Promise<Tally>} */
export async function runChecks(names) {
  const held = (await Promise.all(names.map(check))).filter((holds) => holds).length;
  return { passed: held, failed: names.length - held, skipped: 0 };
}

export const everyCheck = Object.keys(commands);

/** Counts vitest's report. A file that broke before its tests could run has none that failed, and is a failure all the same. */
export function countReport(report) {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  for (const { name } of broken) console.log(`✗ ${relative(root, name)} could not be run`);
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length, skipped };
}

function readReport(file) {
  try {
    return countReport(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.log(`✗ vitest left no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Runs vitest with its own output, and counts from its report. @returns {Promise<Tally>} */
export async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'jembatan-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const child = spawn(tool('vitest'), ['run', ...reporters, ...args], { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const tally = readReport(file);
  rmSync(folder, { recursive: true, force: true });
  // An unhandled error fails the run and belongs to no test.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** Prints the last line and answers the exit code. */
export function conclude(...tallies) {
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') === 0 ? 0 : 1;
}

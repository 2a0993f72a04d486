import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './planted-tree.ts';

const run = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jembatan-knip-'));
  for (const file of ['knip.json', 'package.json', 'tsconfig.json']) await cp(join(root, file), join(folder, file));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'src/main'), { recursive: true });
  await mkdir(join(folder, 'src/domain'), { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function deadCode(): Promise<string> {
  const program = join(root, 'node_modules/knip/bin/knip.js');
  const args = [program, '--no-progress', '--include', 'files,exports', '--reporter', 'compact'];
  // It exits with 1 where it found something; the answer stands on stdout all the same.
  const { stdout } = await run(process.execPath, args, { cwd: folder }).catch((error: { stdout: string }) => error);
  return stdout;
}

describe('the check for dead code', { timeout: 60_000 }, () => {
  it('catches a planted file and a planted export that nobody uses, through the import aliases', async () => {
    await writeFile(
      join(folder, 'src/main/cli.ts'),
      "import { used } from '#domain/alive.ts';\nprocess.exitCode = used;\n",
    );
    await writeFile(join(folder, 'src/domain/alive.ts'), 'export const used = 0;\nexport const idle = 1;\n');
    await writeFile(join(folder, 'src/domain/dead.ts'), 'export const dead = 1;\n');
    const found = await deadCode();
    expect(found).toMatch(/src\/domain\/dead\.ts/);
    expect(found).toMatch(/src\/domain\/alive\.ts.*idle/);
    expect(found).not.toMatch(/\bused\b.*alive/);
  });
});

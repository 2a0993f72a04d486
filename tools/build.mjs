import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { door, ensurePackages, root, run, Unready } from './bootstrap.mjs';
import { typeChecker } from './checks.mjs';
import { ensureWeb } from './web.mjs';

const dist = join(root, 'dist');

/** Zones that run in production. `sandbox` is there for the demo and for trying an installation out. */
const zones = ['src', 'connectors', 'sandbox'];

/** Data that the code reads beside itself, under the same relative path as in the clone. */
const data = ['migrations', 'mappings', 'radius-config'];

/** The page at /docs, served without another host: `dist/src/http/swagger-ui/`, as its development package is not in production. */
const swagger = ['swagger-ui-bundle.js', 'swagger-ui.css'];

const isCode = (path) => path.endsWith('.ts');
const isTest = (path) => /\.test\.ts$|\.d\.ts$|\/(contract|fake)\.ts$/.test(path);

const filesOf = (zone) =>
  readdirSync(join(root, zone), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));

function put(path, content) {
  const target = join(dist, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/**
 * Types are checked by `tsc` before; here each file is only stripped, and relative `.ts` imports become `.js`.
 * (`tsc` itself refuses to emit `#zone/x.ts` imports, which the `imports` map below resolves.)
 */
function emit(ts, path) {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    inlineSourceMap: true,
    inlineSources: false,
  };
  const { outputText } = ts.transpileModule(readFileSync(join(root, path), 'utf8'), {
    compilerOptions,
    fileName: path,
  });
  put(path.replace(/\.ts$/, '.js'), outputText);
}

/** `#zone/*.ts` → the zone's `.js`; whatever else (SQL, JSON) keeps its name. The longer pattern wins. */
function importsMap(imports) {
  const entries = Object.entries(imports).flatMap(([alias, target]) => [
    [`${alias}.ts`, `${target}.js`],
    [alias, target],
  ]);
  return Object.fromEntries(entries);
}

function putPackage() {
  const { name, version, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  put('package.json', `${JSON.stringify({ name, version, type: 'module', imports: importsMap(imports) }, null, 2)}\n`);
}

/** `npm run build`: dist/ runs on plain Node with the production packages, without the clone's TypeScript. */
await door(async () => {
  await ensurePackages();
  const { default: ts } = await import('typescript');
  for (const project of ['tsconfig.json', 'web/tsconfig.json']) {
    if ((await run(typeChecker, ['-p', project])) !== 0) throw new Unready('The types do not hold; see above.');
  }
  rmSync(dist, { recursive: true, force: true });
  const files = zones.filter((zone) => existsSync(join(root, zone))).flatMap(filesOf);
  for (const path of files.filter((file) => !isTest(file))) {
    if (isCode(path)) emit(ts, path);
    else put(path, readFileSync(join(root, path)));
  }
  for (const folder of data.filter((name) => existsSync(join(root, name)))) {
    cpSync(join(root, folder), join(dist, folder), { recursive: true });
  }
  for (const file of swagger)
    cpSync(join(root, 'node_modules/swagger-ui-dist', file), join(dist, 'src/http/swagger-ui', file));
  putPackage();
  await ensureWeb();
});

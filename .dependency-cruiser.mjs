/**
 * The import walls (docs/architecture.md, "Who may import whom"). Every zone names what it may import; all else inside
 * the project is forbidden to it. Tests, contracts and fakes may import anything. test/house/walls.test.ts plants one
 * violation per rule, so a rule that catches nothing is found.
 */
const project = '^(src|connectors|sandbox|web|test|tools|bin|migrations)/';
const testCode = '(\\.test\\.ts$|^test/|/contract\\.ts$|/fake\\.ts$)';

const markDirty = '^src/access/mark-dirty\\.ts$';
const reissue = '^src/access/reissue\\.ts$';
/** What writes to the outbox in the caller's transaction. */
const append = '^src/outbox/(append|append-message|append-ledger-invoice|append-commission|announce)\\.ts$';
/** Money that is found in a ledger may be a reseller's to earn of. */
const appendCommission = '^src/outbox/append-commission\\.ts$';
const record = '^src/audit/record\\.ts$';
const zone = (...names) => names.map((name) => `^src/${name}/`);

/** Folder → what it may import besides itself. `$1` is what the folder's own group matched. */
const mayImport = {
  domain: { from: '^src/domain/', to: [] },
  decide: { from: '^src/decide/', to: zone('domain') },
  ports: { from: '^src/ports/', to: zone('domain') },
  db: { from: '^src/db/', to: zone('domain', 'platform') },
  platform: { from: '^src/platform/', to: zone('domain') },
  audit: { from: '^src/audit/', to: zone('domain', 'db', 'platform') },
  access: { from: '^src/access/', to: [...zone('decide', 'domain', 'db', 'platform'), append] },
  inbox: { from: '^src/inbox/', to: [...zone('domain', 'ports', 'db', 'platform'), markDirty, appendCommission] },
  outbox: { from: '^src/outbox/', to: zone('ports', 'domain', 'db', 'platform') },
  reconcile: {
    from: '^src/reconcile/',
    to: [...zone('decide', 'domain', 'ports', 'db', 'platform'), markDirty, reissue],
  },
  features: {
    from: '^src/features/([^/]+)/',
    own: '^src/features/$1/',
    to: [...zone('domain', 'db', 'platform'), markDirty, append, record],
  },
  journeys: {
    from: '^src/journeys/',
    to: [...zone('access', 'domain', 'db', 'platform'), '^src/features/[^/]+/verbs', append, record],
  },
  http: {
    from: '^src/http/',
    to: [...zone('features', 'journeys', 'db', 'platform'), '^src/inbox/receive'],
  },
  connectors: {
    from: '^connectors/(?!kit/|builtin/)([^/]+)/',
    own: '^connectors/$1/',
    to: [...zone('ports', 'domain'), '^connectors/kit/'],
  },
  builtin: { from: '^connectors/builtin/', to: [...zone('ports', 'domain', 'db'), '^connectors/kit/'] },
  kit: { from: '^connectors/kit/', to: zone('ports', 'domain') },
  sandbox: { from: '^sandbox/(?!demo/)', own: '^sandbox/', to: [...zone('domain'), '^connectors/freeradius/packet/'] },
  main: { from: '^src/main/(?!wire[./])', own: '^src/main/', to: ['^src/', '^sandbox/'] },
  web: { from: '^web/', to: ['^src/http/'] },
  // What pages share lies in web/app; no page takes from another.
  page: { from: '^web/(?!app/|build/)([^/]+)/', own: '^web/$1/', to: ['^web/app/', '^src/http/'] },
  'web-app': { from: '^web/app/', to: ['^src/http/'] },
};

const walls = Object.entries(mayImport).map(([name, { from, own, to }]) => ({
  name: `wall-${name}`,
  severity: 'error',
  comment: `${name} may import: itself${to.length > 0 ? `, ${to.join(', ')}` : ' only'}`,
  from: { path: from, pathNot: testCode },
  to: { path: project, pathNot: [own ?? from, ...to] },
}));

/** The only places that may import a package: a second HTTP client or queue would have manners of its own. */
const owners = {
  axios: ['^connectors/kit/http\\.ts$'],
  bullmq: ['^src/platform/queue\\.ts$'],
  pino: ['^src/platform/log\\.ts$'],
  ioredis: ['^src/platform/'],
  pg: ['^src/(db|platform|main)/', '^connectors/freeradius/', '^sandbox/'],
  mysql2: ['^src/db/', '^connectors/freeradius/', '^sandbox/'],
  kysely: ['^src/(?!domain/|decide/|ports/|http/)', '^connectors/(freeradius|builtin)/'],
  hono: ['^src/(http|main|platform)/', '^src/features/[^/]+/', '^src/inbox/receive'],
  '@hono/node-server': ['^src/(http|main)/'],
  '@hono/zod-openapi': ['^src/(http|main|platform)/', '^src/features/[^/]+/'],
  zod: ['^src/(?!domain/|decide/|ports/)', '^connectors/', '^sandbox/'],
  msw: ['^connectors/.*\\.test\\.ts$'],
  vitest: [testCode, '^vitest\\.config\\.ts$'],
  'fast-check': [testCode],
  nodemailer: ['^connectors/smtp/'],
  'smtp-server': ['^connectors/smtp/testing/', testCode],
  standardwebhooks: [testCode],
  'csv-parse': ['^src/features/(bank-statements|assets|reseller-desk)/'],
  'read-excel-file': ['^src/features/reseller-desk/read-table\\.ts$'],
  croner: ['^src/platform/'],
  'rate-limiter-flexible': ['^src/platform/'],
  otpauth: ['^src/features/identity/'],
  '@turf/boolean-point-in-polygon': ['^src/features/leads/'],
  '@turf/distance': ['^src/features/leads/'],
  pdfkit: ['^src/platform/paper/'],
  qrcode: ['^src/platform/qr\\.ts$', '^web/reseller/parts/qr\\.tsx$'],
  'csv-stringify': ['^src/platform/csv\\.ts$'],
  react: ['^web/'],
  'react-dom': ['^web/'],
  'barcode-detector': ['^web/'],
  vite: ['^web/'],
  '@vitejs/plugin-react': ['^web/vite\\.config\\.ts$'],
  '@tailwindcss/vite': ['^web/vite\\.config\\.ts$'],
  typescript: ['^test/house/', '^tools/', '^src/db/tables\\.db\\.test'],
};

/** Packages whose place does not bind tests: they may speak the wire themselves. */
const freeForTests = [
  'otpauth',
  'pg',
  'mysql2',
  'ioredis',
  'kysely',
  'hono',
  '@hono/node-server',
  '@hono/zod-openapi',
  'zod',
];

const packages = Object.entries(owners).map(([name, places]) => ({
  name: `owner-${name}`,
  severity: 'error',
  comment: `${name} is imported in ${places.join(', ')} only`,
  from: { path: project, pathNot: freeForTests.includes(name) ? [...places, testCode] : places },
  to: { path: `(^|/)node_modules/${name.replace('/', '\\/')}/` },
}));

const builtIn = ['core'];
const installed = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

const further = [
  {
    name: 'pure-zones-import-nothing-installed',
    severity: 'error',
    comment: 'domain, decide and ports are words and arithmetic: no package, no Node',
    from: { path: '^src/(domain|decide|ports)/', pathNot: testCode },
    to: { dependencyTypes: [...builtIn, ...installed] },
  },
  {
    name: 'web-imports-types-only',
    severity: 'error',
    comment: 'the browser gets the HTTP API’s types, never its code',
    from: { path: '^web/', pathNot: testCode },
    to: { path: '^src/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'product-imports-no-test-code',
    severity: 'error',
    comment: 'contracts and fakes are for tests',
    from: { path: project, pathNot: testCode },
    to: { path: testCode },
  },
  {
    name: 'every-import-resolves',
    severity: 'error',
    comment: 'an import that cannot be followed passes by every wall',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...walls, ...packages, ...further],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
    },
  },
};

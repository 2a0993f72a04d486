import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import type { RouteEnv } from '#platform/routing.ts';

/** Everything from here, nothing inline: the page works offline and under a strict policy. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Jembatan API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: 'none' });\n`;

const kinds = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const;
type File = keyof typeof kinds;

const require = createRequire(import.meta.url);

/** A build carries the two files beside this module; in a clone they lie in the package. */
function pathOf(file: File): string {
  const beside = fileURLToPath(new URL(`./swagger-ui/${file}`, import.meta.url));
  return existsSync(beside) ? beside : join(dirname(require.resolve('swagger-ui-dist/package.json')), file);
}

/** `/docs`: the interactive page over `/openapi.json` (spec O3). */
export function docsPage(): Hono<RouteEnv> {
  const routes = new Hono<RouteEnv>();
  const cache = { 'Cache-Control': 'public, max-age=3600' };
  const read = new Map<File, Promise<Buffer>>();
  const contentOf = (file: File): Promise<Buffer> => {
    const content = read.get(file) ?? readFile(pathOf(file));
    read.set(file, content);
    return content;
  };
  routes.get('/docs', (c) => c.html(page, 200, { 'Content-Security-Policy': policy }));
  routes.get('/docs/start.js', (c) => c.body(start, 200, { ...cache, 'Content-Type': 'text/javascript' }));
  for (const file of Object.keys(kinds) as File[]) {
    routes.get(`/docs/${file}`, async (c) =>
      c.body(new Uint8Array(await contentOf(file)), 200, { ...cache, 'Content-Type': kinds[file] }),
    );
  }
  return routes;
}

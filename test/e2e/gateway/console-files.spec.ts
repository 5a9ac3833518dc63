import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@tocsin/config';
import { createMetrics, silentLogger } from '@tocsin/telemetry';
import { testDatabase } from '@tocsin/testing';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/start-gateway.js';
import { seedUnit } from './open-gateway.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
const running: RunningGateway[] = [];
const start = async (consoleDir: string): Promise<string> => {
  const settings = loadSettings('gateway', {
    DATABASE_URL: database.url,
    TOCSIN_SECRET: 'a secret of the tests',
    GATEWAY_PORT: '0',
  });
  const gateway = await startGateway(settings, {
    log: silentLogger,
    metrics: createMetrics('gateway', { processMetrics: false }),
    consoleDir,
  });
  running.push(gateway);
  return gateway.url;
};
beforeAll(async () => {
  database = await testDatabase();
  await seedUnit(database.pool);
  folder = mkdtempSync(join(tmpdir(), 'tocsin-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><script type="module" src="/assets/index-abc.js"></script>',
  );
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(folder, 'sw.js'), '// pager');
});
afterAll(async () => {
  await Promise.all(running.map((gateway) => gateway.close()));
  await database.drop();
  rmSync(folder, { recursive: true });
});

it('serves the console: the page never from a cache, hashed files for ever', async () => {
  const url = await start(folder);
  const page = await fetch(`${url}/`);
  expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-store',
  ]);
  const asset = await fetch(`${url}/assets/index-abc.js`);
  expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  expect((await fetch(`${url}/sw.js`)).headers.get('cache-control')).toBe('no-cache');
  // A build that came after the start.
  writeFileSync(join(folder, 'assets', 'index-def.js'), 'export {};');
  expect((await fetch(`${url}/assets/index-def.js`)).status).toBe(200);
});

it('lets no script stand in a page and none come from elsewhere', async () => {
  const { headers } = await fetch(`${running[0]?.url}/`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toMatch(/connect-src 'self' ws:\/\/127\.0\.0\.1:\d+ ws:\/\/localhost:\d+;/);
  expect(policy).toContain(`ws://127.0.0.1:${new URL(running[0]?.url ?? '').port} `);
  expect(policy).not.toMatch(/script-src[^;]*unsafe|upgrade-insecure/);
  expect([
    headers.get('x-content-type-options'),
    headers.get('referrer-policy'),
    headers.get('strict-transport-security'),
  ]).toEqual(['nosniff', 'no-referrer', null]);
});

it('serves nothing from beside its folder, and answers unknown addresses in JSON', async () => {
  for (const path of [
    '/../package.json',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/../../x',
    '/.env',
    '/assets',
    '/nothing',
    '/v1/nothing',
    '/assets/index-xyz.js',
    '/assets/%00',
  ]) {
    const answer = await fetch(running[0]?.url + path);
    const text = await answer.text();
    expect([path, answer.status >= 400 && answer.status < 500, (JSON.parse(text) as { code: string }).code]).toEqual([
      path,
      true,
      expect.any(String),
    ]);
  }
});

it('works without a console', async () => {
  const url = await start(join(folder, 'not-built'));
  const page = await fetch(`${url}/`);
  expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
    404,
    'text/plain; charset=utf-8',
    expect.stringContaining('npm run build'),
  ]);
  expect((await fetch(`${url}/v1/session`)).status).toBe(401);
});

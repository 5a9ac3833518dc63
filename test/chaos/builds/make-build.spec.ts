import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../faults';
import { randomOf } from '../history/random';
import { until } from '../history/until';
import { type Servers, startServers } from '../servers/servers';
import { startSystem, type System } from '../servers/system';
import { bugs } from './bugs';
import { crashPointsOf } from './crash-points';
import { makeBuild } from './make-build';

const edits = bugs.find(({ name }) => name === 'no-sweeper')?.edits ?? [];
let build: string;
let folder: string;
let servers: Servers | undefined;
let system: System | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-chaos-'));
  build = makeBuild({ name: `spec-${process.pid}`, edits, crashPoints: true });
  servers = await startServers({ folder });
  system = await startSystem({
    build,
    dataDir: join(folder, 'data'),
    databaseUrl: servers.databaseUrl,
    redisUrl: servers.redisUrl,
    configDir: join(build, 'config/islamabad'),
  });
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await servers?.stop();
  rmSync(build, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

it('loads its own libs, and everything else from the clone', () => {
  const find = `console.log(['@tocsin/store', 'pg'].map((name) => require.resolve(name)).join('\\n'))`;
  const cwd = join(build, 'libs/operations/dist');
  const [store, pg] = execFileSync(process.execPath, ['-e', find], { cwd, encoding: 'utf8' }).split('\n');
  expect(store).toBe(join(build, 'libs/store/dist/index.js'));
  expect(pg?.startsWith(build)).toBe(false);
});

it('has many crash points', () => {
  expect(crashPointsOf(build).length).toBeGreaterThanOrEqual(24);
});

it('serves, ends a process at the place that it is told, and serves again', async () => {
  if (servers === undefined || system === undefined) throw new Error('not started');
  const running = system;
  const world = { servers, system: running, random: randomOf(1), log: () => undefined };
  const fault = catalogue(world).faults.find(({ target }) => target === 'intake.after-commit');
  const before = system.pidOf('intake');
  const state = { isOver: false };
  const crashing = fault?.inflict(world, () => 0).finally(() => (state.isOver = true));
  for (let n = 0; !state.isOver; n += 1) await send(system, `crash-${n}`);
  expect(await crashing).toBe('intake on pass 1');
  await until(async () => (await send(running, 'after')) === 202, {
    withinMs: 30_000,
    everyMs: 100,
    what: 'accepting again',
  });
  expect(system.pidOf('intake')).not.toBe(before);
  const [row] = await servers.postgres.server.query<{ n: number }>('SELECT count(*)::int AS n FROM alert');
  // The one that was committed, and never answered.
  expect(row?.n).toBeGreaterThanOrEqual(2);
});

async function send({ urls, firstRun }: System, key: string): Promise<number> {
  const token = firstRun.sources.find(({ protocol }) => protocol === 'http')?.token ?? '';
  const body = JSON.stringify({ key, site: 'margalla-guest-house', category: 'intrusion', title: key });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = fetch(`${urls.intake}/v1/alerts`, { method: 'POST', headers, body }).then(({ status }) => status);
  return answer.catch(() => 0);
}

/** `npm start` as people and machines treat it: killed, started twice, interrupted, stopped in the middle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone, System } from '../system/run-system';
import { until } from '@tocsin/testing';

const config = join(__dirname, '../system/config');
let data: string;
let system: System;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tocsin-start-'));
  system = await System.start({ data, config });
}, 120_000);

afterAll(async () => {
  await system?.stop();
  rmSync(data, { recursive: true, force: true });
}, 30_000);

/** What a killed start left may answer until the next one has ended it: only that one's own words count. */
async function startAgain(): Promise<void> {
  system = await System.start({ data, config });
  await until(() => system.output.includes('Tocsin is ready'), { timeoutMs: 60_000, what: 'ready by its own words' });
}

const json = <T>(name: string): T => JSON.parse(readFileSync(join(data, name), 'utf8')) as T;
const pidIn = (name: string): number => json<{ running: { pid: number } }>(name).running.pid;
const servers = (): number[] => [pidIn('postgres.json'), ...(system.run.redis ? [pidIn('redis.json')] : [])];
const services = (): number[] => Object.values(system.run.services).map(({ pid }) => pid);

/** Everything whose command line names this TOCSIN_DATA, or a service of this clone that was given it. */
function alive(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const isService =
          command.includes(`${clone}/apps/`) &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TOCSIN_DATA=${data}`);
        return isService || command.includes(data) ? [`${pid} ${command}`] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}

function secondStart(): ChildProcess {
  const env = {
    ...process.env,
    TOCSIN_DATA: data,
    TOCSIN_CONFIG: config,
    GATEWAY_PORT: '0',
    INTAKE_PORT: '0',
    DC09_PORT: '0',
  };
  return spawn(process.execPath, [join(clone, 'apps/supervisor/bin/start.mjs')], {
    cwd: clone,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}

describe('npm start', () => {
  it('keeps what it writes about passwords and tokens to its own user', () => {
    for (const name of ['run.json', 'first-run.json', 'secret', 'postgres.json'])
      expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, 0o600]);
    const command = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const { password } = new URL(system.run.postgres);
    for (const pid of [...servers(), ...services()]) expect(command(pid)).not.toContain(password);
  });

  it('refuses while another runs on the same TOCSIN_DATA', async () => {
    const { code, output } = await outcomeOf(secondStart());
    expect(code).toBe(1);
    expect(output).toContain('in use');
    expect(await (await fetch(`${system.gateway}/healthz/ready`)).status).toBe(200);
  });

  it('heals PostgreSQL and Redis after SIGKILL, on the same ports', async () => {
    const before = { urls: [system.run.postgres, system.run.redis], pids: servers() };
    for (const pid of before.pids) process.kill(pid, 'SIGKILL');
    await until(() => servers().every((pid) => !before.pids.includes(pid)), { timeoutMs: 15_000, what: 'new servers' });
    await system.ready(15_000);
    expect([system.run.postgres, system.run.redis]).toEqual(before.urls);
  });

  it('adopts the servers and ends the services that a SIGKILL left', async () => {
    const before = { servers: servers(), services: services(), users: system.firstRun.users };
    process.kill(system.pid, 'SIGKILL');
    await system.stop();
    expect(alive().length).toBeGreaterThanOrEqual(5);
    await startAgain();
    expect(servers()).toEqual(before.servers);
    await until(() => before.services.every((pid) => !alive().some((line) => line.startsWith(`${pid} `))), {
      what: 'old services gone',
    });
    expect(system.firstRun.users).toEqual(before.users);
    expect(system.output).toMatch(/PostgreSQL: .*adopted/);
  });

  it('starts from whatever a SIGKILL of everything left', async () => {
    for (const pid of [system.pid, ...services(), ...servers()]) process.kill(pid, 'SIGKILL');
    await system.stop();
    await startAgain();
    expect(services().length).toBe(4);
  });

  it('stops within 8 s however often it is told, and a start meanwhile waits for it', async () => {
    const startedAt = performance.now();
    const stopped = system.stop();
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(system.pid, name);
    await until(() => json<{ state: string }>('supervisor.lock').state === 'stopping', {
      what: 'the lock says stopping',
    });
    const next = System.start({ data, config });
    expect(await stopped).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    system = await next;
    await system.stop();
    expect(alive()).toEqual([]);
  });

  it('can be stopped in the middle of a start, and starts afterwards', async () => {
    const child = secondStart();
    const outcome = outcomeOf(child);
    await until(() => alive().some((line) => line.includes('postgres -D')), {
      timeoutMs: 20_000,
      what: 'PostgreSQL begun',
    });
    child.kill('SIGTERM');
    expect((await outcome).code).toBe(0);
    expect(alive()).toEqual([]);
    await startAgain();
  });

  it('stops when the process that started it is gone', async () => {
    await system.stop();
    const script = `require('child_process').spawn(process.execPath, ['apps/supervisor/bin/start.mjs'], { stdio: 'ignore' }); setInterval(() => {}, 1000)`;
    const parent = spawn(process.execPath, ['-e', script], {
      cwd: clone,
      env: {
        ...process.env,
        TOCSIN_DATA: data,
        TOCSIN_CONFIG: config,
        GATEWAY_PORT: '0',
        INTAKE_PORT: '0',
        DC09_PORT: '0',
      },
    });
    await until(() => services().every((pid) => alive().some((line) => line.startsWith(`${pid} `))), {
      timeoutMs: 60_000,
      what: 'services',
    });
    parent.kill('SIGKILL');
    await until(() => alive().length === 0, { timeoutMs: 9_000, what: 'everything gone' });
  });
});

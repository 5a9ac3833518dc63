import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadSettings, SettingsFault, variables } from './settings.js';

const service = { DATABASE_URL: 'postgres://app:geheim@127.0.0.1:5432/tocsin', TOCSIN_SECRET: '0123456789abcdef' };

function faultsOf(app: Parameters<typeof loadSettings>[0], env: Record<string, string>): readonly string[] {
  try {
    loadSettings(app, env);
  } catch (error) {
    if (error instanceof SettingsFault) return error.faults;
    throw error;
  }
  return [];
}

describe('settings', () => {
  test('example.env names every variable, once, and its values are the defaults', () => {
    const lines = readFileSync(join(__dirname, 'example.env'), 'utf8').split('\n');
    const given = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('=') as [string, string]);
    expect(given.map(([name]) => name).sort()).toEqual(Object.keys(variables).sort());
    expect(loadSettings('supervisor', Object.fromEntries(given))).toEqual(loadSettings('supervisor', {}));
  });

  test('every variable fills a field', () => {
    const settings = loadSettings('gateway', service);
    for (const field of Object.values(variables)) expect(settings).toHaveProperty(field);
  });

  test('defaults are those of the contract', () => {
    expect(loadSettings('gateway', service)).toMatchObject({
      gatewayPort: 4100,
      intakePort: 4101,
      dc09Port: 4109,
      bindAddress: '127.0.0.1',
      redisUrl: null,
      port: 4100,
    });
  });

  test('all faults come together, and without the value of a secret', () => {
    const faults = faultsOf('intake', {
      GATEWAY_PORT: 'abc',
      INTAKE_PORT: '70000',
      REDIS_URL: 'http://x',
      TOCSIN_SECRET: 'short',
      LOG_LEVEL: 'loud',
    });
    expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
      'DATABASE_URL',
      'GATEWAY_PORT',
      'INTAKE_PORT',
      'LOG_LEVEL',
      'REDIS_URL',
      'TOCSIN_SECRET',
    ]);
    expect(faults.join()).not.toContain('short');
    expect(faults.join()).toContain('"abc"');
  });

  test('a service needs a database and a secret, the supervisor neither', () => {
    expect(faultsOf('engine', {})).toHaveLength(2);
    expect(loadSettings('supervisor', {}).databaseUrl).toBeNull();
  });

  test('an empty variable is an unset one', () => {
    expect(loadSettings('gateway', { ...service, REDIS_URL: ' ', GATEWAY_PORT: '' })).toMatchObject({
      redisUrl: null,
      gatewayPort: 4100,
    });
  });

  test('frozen, and prints without secrets', () => {
    const settings = loadSettings('gateway', service);
    expect(Object.isFrozen(settings)).toBe(true);
    for (const printed of [inspect(settings), JSON.stringify(settings)]) {
      expect(printed).not.toMatch(/geheim|0123456789abcdef/);
      expect(printed).toContain('***');
    }
  });

  test('the command line finds a running system by its data folder alone', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-settings-'));
    try {
      expect(loadSettings('cli', { TOCSIN_DATA: dataDir }).databaseUrl).toBeNull();
      const run = {
        postgres: 'postgres://o:p@127.0.0.1:1/t',
        postgresApp: '',
        redis: 'redis://127.0.0.1:2',
        services: {},
      };
      writeFileSync(join(dataDir, 'run.json'), JSON.stringify(run));
      writeFileSync(join(dataDir, 'secret'), '0123456789abcdef\n');
      expect(loadSettings('cli', { TOCSIN_DATA: dataDir })).toMatchObject({
        databaseUrl: run.postgres,
        redisUrl: run.redis,
        secret: '0123456789abcdef',
      });
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

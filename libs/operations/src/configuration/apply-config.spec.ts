import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { liveConfig } from '@tocsin/store';
import { type TestDatabase, testDatabase } from '@tocsin/testing';
import { applyFolder } from './apply-config.js';
import { firstRunFile, hashToken } from './first-run.js';
import { ConfigFault } from './read-config.js';

const example = join(__dirname, '..', '..', '..', '..', 'config', 'islamabad');

describe('applying a folder', () => {
  let database: TestDatabase;
  let dir: string;
  let dataDir: string;
  beforeEach(async () => {
    database = await testDatabase();
    dir = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
    dataDir = mkdtempSync(join(tmpdir(), 'tocsin-data-'));
    cpSync(example, dir, { recursive: true });
  });
  afterEach(async () => {
    await database.drop();
    for (const made of [dir, dataDir]) rmSync(made, { recursive: true, force: true });
  });

  const apply = (more: object = {}) => applyFolder({ databaseUrl: database.url, dir, by: 'test', dataDir, ...more });
  const edit = (file: string, from: string | RegExp, to: string) => {
    const text = readFileSync(join(dir, file), 'utf8');
    if (text.replace(from, to) === text) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(dir, file), text.replace(from, to));
  };
  const rows = async <T extends object>(sql: string) => (await database.pool.query<T>(sql)).rows;

  it('makes the first version with its projections, one event and first-run.json', async () => {
    const applied = await apply();
    expect([applied.version, applied.changed, applied.warnings]).toEqual(['1', true, []]);
    const live = await liveConfig(database.pool);
    expect(live.document.agency.timeZone).toBe('Asia/Karachi');
    expect(live.document.sites.length).toBeGreaterThanOrEqual(12);
    expect(new Set(live.document.sites.flatMap(({ groups }) => groups)).size).toBe(3);
    for (const site of live.document.sites) expect([site.id, site.zones.length]).toEqual([site.id, 3]);
    expect(await rows('SELECT count(*)::int AS n FROM site WHERE active')).toEqual([{ n: live.document.sites.length }]);
    expect(await rows(`SELECT cardinality(members) AS n FROM team WHERE id = 'north-response'`)).toEqual([{ n: 4 }]);
    expect(await rows('SELECT type, seq, data FROM event')).toMatchObject([
      { type: 'config.applied', seq: '1', data: { version: '1', by: 'test', removed: 0 } },
    ]);
  });

  it('tells the first passwords and tokens once, in a file for its owner, and stores only hashes', async () => {
    const { firstRun } = await apply();
    expect(JSON.parse(readFileSync(firstRunFile(dataDir), 'utf8'))).toEqual(firstRun);
    expect(statSync(firstRunFile(dataDir)).mode & 0o777).toBe(0o600);
    const { document } = await liveConfig(database.pool);
    for (const role of ['operator', 'responder', 'commander', 'reviewer', 'admin'] as const) {
      const first = firstRun?.users.find(({ roles }) => roles.includes(role));
      const person = document.people.find(({ username }) => username === first?.username);
      expect(person?.grants).toEqual([{ role, scope: { kind: 'unit' } }]);
    }
    const user = firstRun?.users[0] as { username: string; password: string };
    const [stored] = await rows<{ password_hash: string }>(
      `SELECT password_hash FROM person WHERE username = '${user.username}'`,
    );
    expect(stored?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verify(stored?.password_hash as string, user.password)).toBe(true);
    const source = firstRun?.sources[0];
    expect(source?.protocol).toBe('http');
    const [kept] = await rows<{ token_hash: Buffer; scope: object; budget: object }>(
      `SELECT token_hash, scope, budget FROM source WHERE id = '${source?.id}'`,
    );
    expect(kept).toMatchObject({ scope: [{ kind: 'unit' }], budget: { perSecond: 1000 } });
    expect(kept?.token_hash.equals(hashToken(source?.token as string))).toBe(true);
  });

  it('makes nothing of the same folder, and a version of a changed one, without new secrets', async () => {
    await apply();
    const file = readFileSync(firstRunFile(dataDir), 'utf8');
    const people = await rows('SELECT id, slug, password_hash, rights_changed_at FROM person ORDER BY slug');
    expect(await apply()).toMatchObject({ version: '1', changed: false, diff: [] });
    edit('sites.yaml', 'en: Headquarters', 'en: Main house');
    const second = await apply();
    expect(second).toMatchObject({ version: '2', changed: true });
    expect(second.firstRun).toBeUndefined();
    expect(second.diff).toEqual([
      {
        kind: 'Site',
        id: 'headquarters',
        change: 'changed',
        fields: [{ path: 'name.en', from: 'Headquarters', to: 'Main house' }],
      },
    ]);
    expect(await rows('SELECT id, slug, password_hash, rights_changed_at FROM person ORDER BY slug')).toEqual(people);
    expect(readFileSync(firstRunFile(dataDir), 'utf8')).toBe(file);
    expect(await rows('SELECT count(*)::int AS n FROM config_version')).toEqual([{ n: 2 }]);
  });

  it('moves rights_changed_at of whom it gives other rights or takes them from, and of nobody else', async () => {
    await apply();
    const before = await rows<{ slug: string; at: number }>('SELECT slug, rights_changed_at AS at FROM person');
    edit(
      'people.yaml',
      /(username: o\.siddiqui\n.*\ngrants: \[\{ role: operator, scope: )\{ group: north \}/,
      '$1{ group: south }',
    );
    edit('people.yaml', /---\nkind: Person\nid: xu-ning[\s\S]*?(?=---)/, '');
    await apply();
    const after = await rows<{ slug: string; at: number; active: boolean }>(
      'SELECT slug, rights_changed_at AS at, active FROM person',
    );
    const moved = after.filter(({ slug, at }) => before.find((one) => one.slug === slug)?.at !== at);
    expect(moved.map(({ slug, active }) => [slug, active]).sort()).toEqual([
      ['omar-siddiqui', true],
      ['xu-ning', false],
    ]);
  });

  it('ends the sessions of whoever may no longer sign in, for good: coming back revives none of them', async () => {
    await apply();
    await rows(`INSERT INTO session (id, token_hash, person_id, expires_at)
      SELECT gen_random_uuid(), sha256(slug::bytea), id, clock_timestamp() + interval '1 hour' FROM person WHERE username IS NOT NULL`);
    await rows(`INSERT INTO push_subscription (id, person_id, endpoint_hash, sealed)
      SELECT gen_random_uuid(), id, sha256(slug::bytea), '' FROM person WHERE username IS NOT NULL`);
    const whole = readFileSync(join(dir, 'people.yaml'), 'utf8');
    edit('people.yaml', /---\nkind: Person\nid: xu-ning[\s\S]*?(?=---)/, '');
    edit('people.yaml', /username: f\.naqvi\n/, '');
    await apply();
    writeFileSync(join(dir, 'people.yaml'), whole);
    await apply();
    const over = await rows(`SELECT slug, ended_by, dead_code FROM person
      JOIN session ON session.person_id = person.id JOIN push_subscription p ON p.person_id = person.id
      WHERE ended_at IS NOT NULL OR dead_at IS NOT NULL ORDER BY slug`);
    expect(over).toEqual([
      { slug: 'farah-naqvi', ended_by: 'person-inactive', dead_code: null },
      { slug: 'xu-ning', ended_by: 'person-inactive', dead_code: 'person-inactive' },
    ]);
  });

  it('gives a person who comes back the id he had', async () => {
    await apply();
    const removed = /---\nkind: Person\nid: xu-ning[\s\S]*?(?=---)/;
    const whole = readFileSync(join(dir, 'people.yaml'), 'utf8');
    const [first] = await rows<{ id: string }>(`SELECT id FROM person WHERE slug = 'xu-ning'`);
    edit('people.yaml', removed, '');
    await apply();
    writeFileSync(join(dir, 'people.yaml'), whole);
    await apply();
    expect(await rows(`SELECT id, active FROM person WHERE slug = 'xu-ning'`)).toEqual([
      { id: first?.id, active: true },
    ]);
  });

  it('changes nothing and names file, line and field when the folder has a fault', async () => {
    await apply();
    edit('routes.yaml', 'policy: technical-routine', 'policy: technical-rutine');
    edit('policies.yaml', 'afterS: 30', 'afterS: 0');
    const fault = await apply().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ConfigFault);
    expect((fault as ConfigFault).message).toMatch(/policies\.yaml:10 steps\[1\]\.afterS: must be later/);
    expect((fault as ConfigFault).message).toMatch(
      /routes\.yaml:\d+ policy: there is no policy technical-rutine; did you mean technical-routine\?/,
    );
    expect(await rows('SELECT count(*)::int AS n FROM config_version')).toEqual([{ n: 1 }]);
  });

  it('shows the difference of a dry run and changes nothing', async () => {
    expect(await apply({ dryRun: true })).toMatchObject({ version: null, changed: true });
    expect(await rows('SELECT count(*)::int AS n FROM config_version')).toEqual([{ n: 0 }]);
    await apply();
    edit('routes.yaml', 'team: mobile-reserve', 'team: technical');
    expect((await apply({ dryRun: true })).diff).toMatchObject([
      { kind: 'Route', id: 'everything-else', change: 'changed' },
    ]);
    expect(await rows('SELECT count(*)::int AS n FROM config_version')).toEqual([{ n: 1 }]);
  });

  it('lets what people keep alone, carries it into the next version, and refuses its ids to files', async () => {
    await apply();
    await database.pool.query(`UPDATE source SET managed_by = 'people' WHERE id = 'panel-headquarters'`);
    await expect(apply()).rejects.toThrow(/sources\.yaml:\d+ id: the Source panel-headquarters is kept by people/);
    edit('sources.yaml', /---\nkind: Source\nid: panel-headquarters[\s\S]*?(?=---)/, '');
    const { document } = (await apply(), await liveConfig(database.pool));
    expect(document.sources.some(({ id }) => id === 'panel-headquarters')).toBe(true);
    expect(await rows(`SELECT active FROM source WHERE id = 'panel-headquarters'`)).toEqual([{ active: true }]);
  });

  it('is applied at a start only when the folder is not the one that the last start applied', async () => {
    const start = { by: 'start', onlyWhenFolderChanged: true };
    await apply(start);
    edit('sites.yaml', 'en: Headquarters', 'en: Main house');
    await apply();
    edit('sites.yaml', 'en: Main house', 'en: Headquarters');
    expect(await apply(start)).toMatchObject({ version: '2', changed: false });
    edit('sites.yaml', 'en: Headquarters', 'en: House');
    expect(await apply(start)).toMatchObject({ version: '3', changed: true });
  });

  it('makes one version when several apply the same folder at once', async () => {
    const applied = await Promise.all([apply(), apply(), apply()]);
    expect(applied.map(({ version }) => version)).toEqual(['1', '1', '1']);
    expect(applied.filter(({ firstRun }) => firstRun !== undefined)).toHaveLength(1);
    expect(await rows('SELECT count(*)::int AS n FROM event')).toEqual([{ n: 1 }]);
  });

  it('refuses the folder of another unit', async () => {
    await apply();
    edit('unit.yaml', 'id: islamabad', 'id: lahore');
    await expect(apply()).rejects.toThrow(/unit\.yaml:\d+ id: this database is that of the unit islamabad/);
  });
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { type TestDatabase, testDatabase } from '@tocsin/testing';
import { run } from './main.js';

const example = join(__dirname, '..', '..', '..', 'config', 'islamabad');

describe('the command line', () => {
  let database: TestDatabase;
  let dataDir: string;
  const before = { ...process.env };
  beforeAll(async () => {
    database = await testDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'tocsin-cli-'));
    process.env['DATABASE_URL'] = database.url;
    process.env['TOCSIN_DATA'] = dataDir;
    process.env['TOCSIN_CONFIG'] = example;
  });
  afterAll(async () => {
    process.env = before;
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const tocsin = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const code = await run(args, {
      out: (line) => (said.out += `${line}\n`),
      err: (line) => (said.err += `${line}\n`),
    });
    return { code, ...said };
  };

  it('applies a folder, once dry, once for good, once for nothing', async () => {
    const dry = await tocsin('apply', '-f', example, '--dry-run');
    expect([dry.code, dry.out]).toEqual([
      0,
      expect.stringMatching(/\+ Unit islamabad\n[\s\S]*changes would be made; nothing was\.\n$/),
    ]);
    const first = await tocsin('apply', '-f', example);
    expect([first.code, first.out]).toEqual([
      0,
      expect.stringMatching(/changes: version 1 is in force\.\nFirst passwords and tokens: .*first-run\.json\n$/),
    ]);
    expect(await tocsin('apply')).toEqual({ code: 0, out: 'Nothing changed: version 1 is in force.\n', err: '' });
  });

  it('refuses a folder with a fault, with exit code 1 and the place on stderr', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tocsin-cli-bad-'));
    writeFileSync(join(dir, 'route.yaml'), 'kind: Route\nid: all\nmatch: {}\npolicy: none\n');
    expect(await tocsin('apply', '-f', dir)).toEqual({
      code: 1,
      out: '',
      err: 'tocsin: The configuration was not applied:\n  route.yaml:4 policy: there is no policy none\n',
    });
    rmSync(dir, { recursive: true });
    expect((await tocsin('apply', '-f', dir)).err).toMatch(/there is no such folder/);
  });

  it('lists users and gives one a new password', async () => {
    expect((await tocsin('users', 'list')).out).toMatch(
      /^USERNAME +NAME +GRANTS\na\.khan +Ayesha Khan +operator \(unit\)\n/,
    );
    const { code, out } = await tocsin('users', 'password', 'a.khan');
    expect([code, out.trim().length]).toEqual([0, 16]);
    const { rows } = await database.pool.query(`SELECT password_hash AS hash FROM person WHERE username = 'a.khan'`);
    expect(await verify(rows[0].hash, out.trim())).toBe(true);
    expect(await tocsin('users', 'password', 'nobody')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/no user nobody/),
    });
  });

  it('lists sources and gives one a new token', async () => {
    expect((await tocsin('sources', 'list')).out).toMatch(/city-gateway +http +unit +1,000\/s\n/);
    const token = async () =>
      (await database.pool.query(`SELECT token_hash AS hash FROM source WHERE id = 'city-gateway'`)).rows[0]
        .hash as Buffer;
    const old = await token();
    expect((await tocsin('sources', 'token', 'city-gateway')).out.trim()).toHaveLength(43);
    expect((await token()).equals(old)).toBe(false);
    expect((await tocsin('sources', 'token', 'gone')).code).toBe(1);
  });

  it('explains by the configuration in force and by a folder', async () => {
    const asked = [
      'explain',
      '--site',
      'headquarters',
      '--zone',
      'armoury',
      '--category',
      'intrusion',
      '--at',
      '2026-11-25T23:30:00+05:00',
    ];
    const { code, out } = await tocsin(...asked);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^high intrusion at headquarters \/ armoury, 2026-11-25 23:30:00 Asia\/Karachi, version 1\n/,
      ),
    ]);
    expect(out).toMatch(/- {2}tests +realities: wants test; this is actual\n/);
    expect(out).toMatch(/23:30:30 {2}\+30 s +step 2 +person asad-mirza: Asad Mirza \(push, email after 10 s\)\n/);
    expect((await tocsin(...asked, '-f', example)).out.split('\n').slice(1)).toEqual(out.split('\n').slice(1));
    expect(JSON.parse((await tocsin(...asked, '--json')).out)).toMatchObject({
      configVersion: '1',
      route: { policy: 'armoury-night' },
    });
    expect((await tocsin('explain', '--at', 'noon')).code).toBe(2);
    expect((await tocsin('explain', '--source', 'gone')).code).toBe(2);
  });

  it('exports the log, verifies it there and in the database, and names the event that somebody changed', async () => {
    const file = join(dataDir, 'log.jsonl');
    expect(await tocsin('verify')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok: \d+ events in \d+ streams: every hash as written/),
    });
    expect((await tocsin('export', file)).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await tocsin('export', file)).code).toBe(2);
    expect((await tocsin('verify', '--export', file)).code).toBe(0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"config.applied"', '"config.ignored"'));
    expect(await tocsin('verify', '--export', file)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^tocsin: BAD EVENT: stream [0-9a-f-]{36}, seq 1: /),
    });
    await database.pool.query(`UPDATE event SET data = '{}' WHERE type = 'config.applied' AND seq = 2`);
    expect(await tocsin('verify')).toMatchObject({ code: 1, err: expect.stringMatching(/seq 2/) });
  });

  it('says what is there without running services, and what cannot be asked', async () => {
    const { code, out, err } = await tocsin('status');
    expect([code, err]).toEqual([0, expect.stringMatching(/^no services were started/)]);
    expect(out).toMatch(/configuration +version 1 of Islamabad Protection Unit\n/);
    expect(await tocsin('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/Exit codes/) });
    expect((await tocsin('explode')).code).toBe(2);
    expect((await tocsin('demo', '--seed', 'x')).code).toBe(2);
    process.env['DATABASE_URL'] = database.url.replace(/\/[^/]*$/, '/postgres');
    expect(await tocsin('users', 'list')).toMatchObject({ code: 1, err: expect.stringMatching(/holds no Tocsin/) });
    process.env['DATABASE_URL'] = '';
    expect(await tocsin('verify')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nothing was started with TOCSIN_DATA=/),
    });
  });

  it('says what to do in a clone that is not built', () => {
    const clone = mkdtempSync(join(tmpdir(), 'tocsin-clone-'));
    copyFileSync(join(__dirname, '..', 'bin', 'tocsin.cjs'), join(clone, 'tocsin.cjs'));
    const { status, stderr } = spawnSync(process.execPath, [join(clone, 'tocsin.cjs')], { encoding: 'utf8' });
    rmSync(clone, { recursive: true });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/not built yet. Run `npm start`/)]);
  });

  it('shows a webhook its signing secret, always the same one, and nobody else one', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tocsin-channels-'));
    cpSync(example, dir, { recursive: true });
    writeFileSync(
      join(dir, 'ops.yaml'),
      'kind: Channel\nid: ops\ntype: webhook\nname: { en: Operations }\naddress: "https://ops.example.org/hook"\n',
    );
    process.env['DATABASE_URL'] = database.url;
    expect(await tocsin('apply', '-f', dir)).toMatchObject({ code: 0 });
    process.env['TOCSIN_SECRET'] = 'a secret of this test';
    expect((await tocsin('channels', 'list')).out).toContain('ops  webhook  https://ops.example.org/hook');
    const first = await tocsin('channels', 'secret', 'ops');
    expect(first.out).toMatch(/^whsec_[A-Za-z0-9+/=]+\n$/);
    expect((await tocsin('channels', 'secret', 'ops')).out).toBe(first.out);
    expect((await tocsin('channels', 'secret', 'gone')).code).toBe(1);
    delete process.env['TOCSIN_SECRET'];
    expect((await tocsin('apply', '-f', example)).code).toBe(0);
    rmSync(dir, { recursive: true });
  });
});

// TOCSIN_TEST_DATABASE_URL=postgres://... node test/bench/intake.bench.mjs [--seconds 5] [--cases singles-50,arrays-100]
// What intake accepts, answered after COMMIT, with the load generator and PostgreSQL on the same machine and no engine
// running; beside it, in the same run, a bare multi-row unnest insert into the same table. Prints one JSON object.
// The source has a budget of a million alerts a second: the default of 1,000/s would measure the refusals.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const { testDatabase } = require(`${root}/libs/testing/dist/index.js`);
const { insertAlerts, keyHash, openPool } = require(`${root}/libs/store/dist/index.js`);
const { normaliseAlert } = require(`${root}/libs/domain/dist/index.js`);
const { v7 } = require('uuid');

const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const seconds = Number(option('--seconds', '5'));
const token = 'bench-token';
const run = `${process.pid.toString(36)}${Date.now().toString(36)}`;
let next = 0;
const alert = (key = `panel-${run}-${next++}`) => ({
  key, site: 'gate-1', zone: `zone-${next % 40}`, category: 'intrusion', severity: 'low', title: 'Door forced', occurredAt: '2026-11-24T22:39:00Z', labels: { door: '7', floor: '2' },
});

/** name -> connections and what each sends next */
const cases = {
  'singles-10': { connections: 10, body: () => alert() },
  'singles-50': { connections: 50, body: () => alert() },
  'singles-200': { connections: 200, body: () => alert() },
  'arrays-100': { connections: 50, size: 100, body: () => Array.from({ length: 100 }, () => alert()) },
  'repeats-50': { connections: 50, body: () => alert(`repeat-${next++ % 2_000}`) },
};

async function seed(pool) {
  const budget = { perSecond: 1e6, criticalPerSecond: 1e6, criticalBurst: 1e6 };
  await pool.query(`INSERT INTO agency (id, name, time_zone) VALUES ('unit', '{}', 'Asia/Karachi')`);
  const document = { agency: { id: 'unit', name: { en: 'Unit' }, timeZone: 'Asia/Karachi' }, sites: [{ id: 'gate-1', code: '1', name: { en: 'Gate' }, groups: [], zones: [] }], sources: [] };
  await pool.query(`INSERT INTO config_version (agency_id, document, hash, state, applied_by) VALUES ('unit', $1, '\\x00', 'effective', 'bench')`, [document]);
  await pool.query(
    `INSERT INTO source (agency_id, id, name, protocol, token_hash, scope, budget, defaults, managed_by) VALUES ('unit', 'bench', '{}', 'http', $1, '[{"kind":"unit"}]', $2, '{}', 'files')`,
    [createHash('sha256').update(token).digest(), budget],
  );
}

async function startIntake(databaseUrl) {
  const child = spawn(process.execPath, [...(option('--cpu-prof', '') ? ['--cpu-prof', '--cpu-prof-dir', option('--cpu-prof', '')] : []), `${root}/apps/intake/dist/main.js`], {
    env: { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: '', INTAKE_PORT: '0', TOCSIN_SECRET: 'bench-secret-of-16-or-more' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout) {
    const url = /"url":"(http[^"]+)"/.exec(chunk.toString())?.[1];
    if (url) {
      child.stdout.resume();
      return { child, url };
    }
  }
  throw new Error('intake did not start');
}

/** One keep-alive connection that sends the next request as soon as the last is answered. */
function load(url, { connections, body, size = 1 }, ms) {
  const { hostname, port } = new URL(url);
  const latencies = [];
  let accepted = 0;
  let refused = 0;
  const until = performance.now() + ms;
  const one = () =>
    new Promise((resolve, reject) => {
      let sentAt = 0;
      let seen = '';
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      const send = () => {
        if (performance.now() > until) return socket.end();
        const text = JSON.stringify(body());
        sentAt = performance.now();
        socket.write(`POST /v1/alerts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      };
      socket.on('connect', send);
      socket.on('data', (bytes) => {
        seen += bytes.latin1Slice();
        const head = seen.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(seen)?.[1] ?? 0);
        if (seen.length < head + 4 + length) return;
        if (seen.startsWith('HTTP/1.1 202')) accepted += size;
        else refused += 1;
        latencies.push(performance.now() - sentAt);
        seen = '';
        send();
      });
      socket.on('close', resolve).on('error', reject);
    });
  const began = performance.now();
  return Promise.all(Array.from({ length: connections }, one)).then(() => {
    latencies.sort((a, b) => a - b);
    const at = (share) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1));
    return { accepted, alertsPerS: Math.round(accepted / ((performance.now() - began) / 1_000)), refused, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(0.9999) };
  });
}

/** The same rows into the same table and indexes, a statement and a commit per 100, nothing else. */
async function bareInsert(url, ms) {
  const pool = openPool({ url, name: 'bench', max: 2 });
  const raw = { id: v7(), agency: 'unit', principalKind: 'source', principalId: 'bare', door: 'bench', contentType: null, body: Buffer.from('{}') };
  const rows = () =>
    Array.from({ length: 100 }, (_, rawIndex) => {
      const signal = normaliseAlert(alert(), {});
      return {
        id: v7(), agency: 'unit', principalKind: 'source', principalId: 'bare', signal, rawId: raw.id, rawIndex, count: 1, endedAt: null,
        keyHash: keyHash({ agency: 'unit', principalKind: 'source', principalId: 'bare', reality: 'actual', key: signal.key }), groupKey: '["unit","gate-1","intrusion","actual"]',
      };
    });
  const until = performance.now() + ms;
  let inserted = 0;
  const one = async () => {
    const client = await pool.connect();
    while (performance.now() < until) inserted += await insertAlerts(client, null, rows(), [{ ...raw, id: v7() }]);
    client.release();
  };
  const began = performance.now();
  await Promise.all([one(), one()]);
  const rowsPerS = Math.round(inserted / ((performance.now() - began) / 1_000));
  await pool.end();
  return rowsPerS;
}

/** CPU that a process has used, in microseconds, at 100 ticks a second; 0 where there is no /proc (macOS) or no such process. */
function cpuMicros(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return 0;
  }
}
async function backends(pool) {
  const { rows } = await pool.query(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tocsin intake%' AND pid <> pg_backend_pid()`);
  return rows.map(({ pid }) => pid);
}

/** A case with what it cost: CPU per alert tells more than alerts per second when others use the same cores. */
async function measured(pool, pid, work) {
  const used = async () => {
    const { user, system } = process.cpuUsage();
    return { intake: cpuMicros(pid), postgres: (await backends(pool)).reduce((sum, one) => sum + cpuMicros(one), 0), generator: user + system };
  };
  const before = await used();
  const { accepted, ...result } = await work();
  const after = await used();
  const perAlert = Object.fromEntries(Object.keys(after).map((name) => [name, Number(((after[name] - before[name]) / Math.max(1, accepted)).toFixed(1))]));
  return { ...result, cpuMicrosPerAlert: perAlert };
}

const chosen = option('--cases', Object.keys(cases).join(',')).split(',');
const db = await testDatabase();
try {
  await seed(db.pool);
  const { child, url } = await startIntake(db.url);
  const results = {};
  try {
    await load(url, cases['singles-10'], 1_500);
    for (const name of chosen) {
      await db.pool.query('TRUNCATE alert, raw_signal');
      await db.pool.query('CHECKPOINT').catch(() => {});
      results[name] = await measured(db.pool, child.pid, () => load(url, cases[name], seconds * 1_000));
    }
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await db.pool.query('TRUNCATE alert, raw_signal');
  const bare = chosen.includes('arrays-100') ? await bareInsert(db.url, seconds * 1_000) : undefined;
  const share = bare === undefined ? undefined : Number((results['arrays-100'].alertsPerS / bare).toFixed(2));
  console.log(JSON.stringify({ bench: 'intake', node: process.version, seconds, ...results, bareInsertRowsPerS: bare, arraysShareOfBareInsert: share }, null, 2));
} finally {
  await db.drop();
}

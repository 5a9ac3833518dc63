// One start of the whole system as a user makes it: `smoke.mjs [NODE]`. On free ports and an empty TOCSIN_DATA; waits
// for ready, sends an alert, reads it back, stops it, and looks for what was left running. Exit code 0: all went well.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const clone = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const node = process.argv[2];
const data = mkdtempSync(join(tmpdir(), 'tocsin-smoke-'));
const json = (name) => JSON.parse(readFileSync(join(data, name), 'utf8'));
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);

const env = { ...process.env, TOCSIN_DATA: data, GATEWAY_PORT: '0', INTAKE_PORT: '0', DC09_PORT: '0' };
const [file, args] = node ? [node, ['apps/supervisor/bin/start.mjs']] : ['npm', ['start']];
const child = spawn(file, args, { cwd: clone, env, stdio: ['ignore', 'inherit', 'inherit'] });
const exited = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
let code = 1;
try {
  const beginning = performance.now();
  await until(120_000, 'ready', async () => {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    if (!existsSync(join(data, 'run.json'))) return false;
    const { gateway, intake } = json('run.json').services;
    return (
      gateway && intake && (await isOk(`${gateway.url}/healthz/ready`)) && (await isOk(`${intake.url}/healthz/ready`))
    );
  });
  console.log(`smoke: ready after ${seconds(beginning)} s`);
  await sendAndRead();
  const stopping = performance.now();
  child.kill('SIGTERM');
  const outcome = await Promise.race([exited, wait(8_000, 'still running')]);
  if (outcome !== 0) throw new Error(`after SIGTERM: ${outcome}`);
  await until(8_000 - (performance.now() - stopping), 'everything gone', () => leftOvers().length === 0);
  console.log(`smoke: everything gone ${seconds(stopping)} s after SIGTERM`);
  code = 0;
} catch (error) {
  console.error(`smoke: ${error.message}`, leftOvers());
  for (const log of existsSync(join(data, 'logs')) ? readdirSync(join(data, 'logs')) : []) {
    console.error(
      `--- ${log}\n${readFileSync(join(data, 'logs', log), 'utf8')
        .split('\n')
        .slice(-15)
        .join('\n')}`,
    );
  }
  child.kill('SIGTERM');
  await Promise.race([exited, wait(10_000)]);
} finally {
  rmSync(data, { recursive: true, force: true });
}
process.exit(code);

async function sendAndRead() {
  const { intake, sources } = json('first-run.json');
  const { token } = sources.find(({ protocol }) => protocol === 'http');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const operator = json('first-run.json').users.find(({ roles }) => roles.includes('operator'));
  const session = await call(`${json('run.json').services.gateway.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: operator.username, password: operator.password }),
  });
  const { items } = await call(`${json('run.json').services.gateway.url}/v1/sites`, {
    headers: { authorization: `Bearer ${session.token}` },
  });
  const alert = { key: 'smoke', site: items[0].id, severity: 'high', title: 'Smoke run' };
  const { alerts } = await call(`${intake}/v1/alerts`, { method: 'POST', headers, body: JSON.stringify(alert) });
  await until(
    10_000,
    'the alert on an incident',
    async () => (await call(`${intake}/v1/alerts/${alerts[0].id}`, { headers })).incidentId !== null,
  );
  console.log(`smoke: alert ${alerts[0].id} ${alerts[0].status} and on an incident`);
}

async function call(url, options) {
  const response = await fetch(url, options);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

async function isOk(url) {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function until(timeoutMs, what, condition) {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain: ${what}`);
    await wait(50);
  }
}

/** Whatever this start began names the clone's apps or its own data folder in its command line. */
function leftOvers() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const isOurs = command.includes(data) || (command.includes(`${clone}/apps/`) && environment.includes(data));
        return isOurs ? [`${pid} ${command}`] : [];
      } catch {
        // Ended while we looked.
        return [];
      }
    });
}

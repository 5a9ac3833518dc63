// Memory of the five processes under a steady load, minute by minute:
//   TOCSIN_DATA=... node test/bench/soak.mjs [minutes=60] [alerts per second=100]
// against a running system whose SMTP_URL is smtp://127.0.0.1:2525 (this script listens there). Prints one JSON line a
// minute and a last one with the slope over everything after the first ten minutes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

const minutes = Number(process.argv[2] ?? 60);
const perSecond = Number(process.argv[3] ?? 100);
const data = process.env.TOCSIN_DATA ?? 'var';
const readJson = (name) => JSON.parse(readFileSync(join(data, name), 'utf8'));
const run = readJson('run.json');
const first = readJson('first-run.json');
const token = first.sources.find((source) => source.protocol === 'http').token;
const sites = [
  'margalla-guest-house',
  'pine-hill-school',
  'headquarters',
  'friendship-hospital',
  'soan-solar-park',
  'railside-camp',
];
const categories = ['intrusion', 'tamper', 'technical', 'panic', 'monitoring'];
let mails = 0;
let refused = 0;
let sent = 0;

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData(stream, _session, done) {
    stream.resume();
    stream.on('end', () => {
      mails += 1;
      done();
    });
  },
});
await new Promise((resolve) => smtp.listen(2525, '127.0.0.1', resolve));

async function send(n) {
  // Two thirds are firing signals of 600 keys (mostly repeats), the rest restores and new ones.
  const key = n % 10 === 0 ? `soak-new-${n}` : `soak-${n % 600}`;
  const status = n % 10 === 5 ? 'resolved' : 'firing';
  const body = {
    key,
    status,
    site: sites[n % sites.length],
    category: categories[n % categories.length],
    zone: 'gate',
    title: `Soak ${n % 600}`,
  };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${run.services.intake.url}/v1/alerts`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (response?.status === 202) sent += 1;
  else refused += 1;
  await response?.arrayBuffer();
}

/** An operator who takes and resolves, so that incidents come and go. */
async function robot() {
  const { username, password } = first.users.find((user) => user.roles.includes('operator'));
  const json = { 'content-type': 'application/json' };
  const session = await fetch(`${run.services.gateway.url}/v1/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ username, password }),
  });
  const headers = { ...json, authorization: `Bearer ${(await session.json()).token}` };
  for (;;) {
    const list = await fetch(`${run.services.gateway.url}/v1/incidents?state=open&limit=20`, { headers });
    for (const { id } of (await list.json()).items) {
      for (const act of ['take', 'resolve', 'close']) {
        await fetch(`${run.services.gateway.url}/v1/incidents/${id}/${act}`, {
          method: 'POST',
          headers,
          body: '{}',
        }).then((answer) => answer.arrayBuffer());
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  }
}

const memoryMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const samples = [];

function sample(minute) {
  const services = readJson('run.json').services;
  const pids = {
    supervisor: readJson('supervisor.lock').pid,
    ...Object.fromEntries(Object.entries(services).map(([name, { pid }]) => [name, pid])),
  };
  const mb = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, Math.round(memoryMb(pid) * 10) / 10]));
  const sum = Object.values(mb).reduce((total, value) => total + value, 0);
  samples.push({ minute, sum });
  console.log(JSON.stringify({ minute, ...mb, sum: Math.round(sum), sent, refused, mails }));
}

robot().catch((error) => console.error('robot', error.message));
const startedAt = performance.now();
let n = 0;
const pump = setInterval(() => {
  const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
  for (; n < due; n += 1) void send(n);
}, 20);
sample(0);
for (let minute = 1; minute <= minutes; minute += 1) {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + minute * 60_000 - performance.now())));
  sample(minute);
}
clearInterval(pump);
const settled = samples.filter(({ minute }) => minute >= Math.min(10, minutes / 2));
const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
const [mx, my] = [mean(settled.map((s) => s.minute)), mean(settled.map((s) => s.sum))];
const slope =
  settled.reduce((total, s) => total + (s.minute - mx) * (s.sum - my), 0) /
  settled.reduce((total, s) => total + (s.minute - mx) ** 2, 0);
console.log(
  JSON.stringify({
    minutes,
    perSecond,
    sent,
    refused,
    mails,
    meanMb: Math.round(my),
    slopeMbPerHour: Math.round(slope * 600) / 10,
  }),
);
process.exit(0);

/** A page on a phone, end to end on real servers: alert -> push service over TLS -> receipt -> acknowledged from the lock screen. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@tocsin/testing';
import { type HttpPeer, startHttpPeer } from '../../../libs/channels/test/http-peer';
import { type PushReceiver, pushReceiver, vapidClaims } from '../../../libs/channels/test/push-peer';
import { selfSigned } from '../../../libs/channels/test/self-signed';
import { postAlerts } from '../../system/alerts';
import { Mailbox } from '../../system/mailbox';
import { type IncidentRow, Person } from '../../system/people';
import { System } from '../../system/run-system';

let dir: string;
let service: HttpPeer;
let mailbox: Mailbox;
let system: System;
let operator: Person;
const phone: PushReceiver = pushReceiver();

/** The unit of the other stories, but gul has a phone: push first, and mail when it has not proved its arrival in 3 s. */
function unitWithPhone(): string {
  const config = join(dir, 'unit');
  cpSync(join(__dirname, '../../system/config'), config, { recursive: true });
  const file = join(config, 'people.yaml');
  const people = readFileSync(file, 'utf8');
  const mail = '{ channel: email, address: gul@example.org }';
  expect(people).toContain(`[${mail}]`);
  writeFileSync(file, people.replace(`[${mail}]`, `[{ channel: push }, ${mail.replace(' }', ', afterS: 3 }')}]`));
  return config;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tocsin-push-'));
  const tls = selfSigned({ dns: ['localhost'], ip: ['127.0.0.1'] });
  writeFileSync(join(dir, 'ca.pem'), tls.cert);
  service = await startHttpPeer(tls);
  service.behave({ status: 201 });
  mailbox = await Mailbox.open();
  const env = {
    SMTP_URL: mailbox.url,
    NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem'),
    WEBHOOK_ALLOW_HOSTS: `127.0.0.1:${service.port}`,
  };
  system = await System.start({ config: unitWithPhone(), env });
  operator = await Person.signIn(system, 'operator');
}, 180_000);

afterAll(async () => {
  await system?.stop();
  await mailbox?.close();
  await service?.close();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

const post = (path: string, body: unknown, token?: string) =>
  fetch(`${system.gateway}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });

/** What the service worker would show for the incident of that title. */
async function shown(title: string) {
  const read = () =>
    service.requests
      .map(({ body }) => JSON.parse(phone.decrypt(body)).notification)
      .find((one) => one.body.includes(title));
  return until(read, { timeoutMs: 8_000, what: `a push about "${title}"` });
}

const incidentTitled = (title: string): Promise<IncidentRow> =>
  until(async () => (await operator.incidents()).find((incident) => incident.title === title), {
    what: `incident "${title}"`,
  });
const deliveries = async (incident: string) =>
  (
    await operator.get<{ items: { person: string | null; channel: string; state: string }[] }>(
      `/v1/incidents/${incident}/deliveries`,
    )
  ).items;

it('a phone subscribes with the unit’s key', async () => {
  const { username, password } = system.firstRun.users.find((one) => one.username === 'gul') ?? {
    username: '',
    password: '',
  };
  const { token } = (await (await post('/v1/session', { username, password })).json()) as { token: string };
  const key = await fetch(`${system.gateway}/v1/push/key`, { headers: { authorization: `Bearer ${token}` } });
  expect(((await key.json()) as { publicKey: string }).publicKey).toMatch(/^[\w-]{87}$/);
  expect((await post('/v1/push/subscriptions', phone.subscription(`${service.origin}/send/gul`), token)).status).toBe(
    201,
  );
});

it('is paged by push, proves it, and acknowledges from the lock screen: no mail is sent', async () => {
  await postAlerts(system, {
    key: 'p1',
    site: 'site-1',
    category: 'panic',
    severity: 'critical',
    title: 'Panic at the gate',
  });
  const notification = await shown('Panic at the gate');
  expect(vapidClaims(String(service.requests[0]?.headers.authorization))).toMatchObject({ aud: service.origin });
  const { deliveryId, code, incidentIds } = notification.data;
  const incident = await incidentTitled('Panic at the gate');
  expect(incidentIds).toEqual([incident.id]);
  expect((await post('/v1/push/receipts', { deliveryId, code, state: 'delivered' })).status).toBe(204);
  expect((await post('/v1/push/receipts', { deliveryId, code: 'wrong', state: 'delivered' })).ok).toBe(false);
  await until(
    async () =>
      (await deliveries(incident.id)).some(({ channel, state }) => channel === 'push' && state === 'delivered'),
    { what: 'the proof' },
  );
  const acknowledged = await post('/v1/push/acknowledge', { code, deliveryId });
  expect([acknowledged.status, await acknowledged.json()]).toMatchObject([
    200,
    { incidents: [{ id: incident.id, state: 'acknowledged' }] },
  ]);
  const events = await operator.events(incident.id);
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['notification.delivered', 'incident.acknowledged', 'notification.seen']),
  );
  expect(mailbox.to('gul', 'Panic at the gate')).toHaveLength(0);
});

it('a phone that stays silent is followed by mail', async () => {
  await postAlerts(system, {
    key: 'p2',
    site: 'site-2',
    category: 'panic',
    severity: 'critical',
    title: 'Panic at the depot',
  });
  await shown('Panic at the depot');
  await until(() => mailbox.to('gul', 'Panic at the depot').length === 1, { timeoutMs: 10_000, what: 'the mail' });
  const incident = await incidentTitled('Panic at the depot');
  const ladder = (await operator.events(incident.id)).filter(
    ({ type, data }) => type === 'notification.failed' && data['channel'] === 'push',
  );
  expect(ladder.map(({ reason }) => reason.code)).toEqual(['page-no-proof']);
  await operator.act(incident.id, 'acknowledge');
});

it('a dead subscription is never tried again: mail follows at once', async () => {
  service.behave({ status: 410 });
  await postAlerts(system, {
    key: 'p3',
    site: 'site-3',
    category: 'panic',
    severity: 'critical',
    title: 'Panic in the hall',
  });
  await until(() => mailbox.to('gul', 'Panic in the hall').length === 1, { timeoutMs: 8_000, what: 'the mail' });
  const pushes = service.requests.length;
  await postAlerts(system, {
    key: 'p4',
    site: 'site-4',
    category: 'panic',
    severity: 'critical',
    title: 'Panic in the yard',
  });
  await until(() => mailbox.to('gul', 'Panic in the yard').length === 1, { timeoutMs: 8_000, what: 'the mail' });
  expect(service.requests).toHaveLength(pushes);
  expect(system.tocsin('verify')).toMatch(/^ok/);
});

/** The main job, end to end on real servers: Alertmanager -> intake -> engine -> notifier -> SMTP, and a console in a browser. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { postAlerts } from '../system/alerts';
import { Alertmanager } from '../system/alertmanager';
import { openBrowser } from '../system/browser';
import { Mailbox } from '../system/mailbox';
import { type IncidentRow, Person } from '../system/people';
import { System } from '../system/run-system';
import { until } from '@tocsin/testing';

const config = join(__dirname, '../system/config');
let mailbox: Mailbox;
let system: System;
let manager: Alertmanager;
let browser: Browser;
let page: Page;
let operator: Person;

beforeAll(async () => {
  mailbox = await Mailbox.open();
  system = await System.start({ config, env: { SMTP_URL: mailbox.url } });
  manager = await Alertmanager.start(`${system.intake}/v1/alertmanager`, system.sourceOf('alertmanager').token);
  operator = await Person.signIn(system, 'operator');
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await signInAtTheConsole();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await manager?.stop();
  await system?.stop();
  await mailbox?.close();
}, 60_000);

async function signInAtTheConsole(): Promise<void> {
  const { username, password } = system.userWith('operator');
  await page.goto(system.gateway);
  await page.locator('input').first().fill(username);
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('input[type=password]').waitFor({ state: 'detached', timeout: 20_000 });
}

async function incidentTitled(title: string): Promise<IncidentRow> {
  return until(async () => (await operator.incidents()).find((incident) => incident.title.includes(title)), {
    what: `incident "${title}"`,
    everyMs: 50,
  });
}

const typesOf = async (id: string): Promise<string[]> => (await operator.events(id)).map((event) => event.type);

it('an alert of a real Alertmanager is on the console and paged within a second', async () => {
  await manager.fire(
    { alertname: 'GeneratorDown', site: 'site-1', severity: 'critical' },
    { summary: 'Generator house silent' },
  );
  const firedAt = performance.now();
  await page.getByText('Generator house silent').first().waitFor({ timeout: 5_000 });
  const shownAfter = performance.now() - firedAt;
  const [mail] = await until(
    () =>
      mailbox.to('gul', 'Generator house silent').length > 0 ? mailbox.to('gul', 'Generator house silent') : undefined,
    { timeoutMs: 5_000 },
  );
  await until(() => mailbox.to('hamid', 'Generator house silent').length === 1, {
    what: 'both guards on duty are paged',
  });
  expect(shownAfter).toBeLessThan(1_500);
  expect((mail?.arrivedAt ?? Infinity) - firedAt).toBeLessThan(1_500);
});

it('unacknowledged it escalates to the next step on time', async () => {
  const incident = await incidentTitled('Generator house silent');
  await until(() => mailbox.to('iqra', 'Generator house silent').length > 0, {
    timeoutMs: 6_000,
    what: 'the second step pages iqra',
  });
  const steps = (await operator.events(incident.id)).filter((event) => event.type === 'escalation.step');
  for (const step of steps) expect(Date.parse(step.at) - Date.parse(String(step.data['dueAt']))).toBeLessThan(1_000);
  await until(() => mailbox.to('javed', 'Generator house silent').length > 0, {
    timeoutMs: 6_000,
    what: 'the third step pages javed',
  });
  await operator.act(incident.id, 'acknowledge');
});

it('acknowledged it does not', async () => {
  await postAlerts(system, {
    key: 'fence',
    site: 'site-2',
    category: 'intrusion',
    severity: 'high',
    title: 'Fence cut',
  });
  const incident = await incidentTitled('Fence cut');
  await until(() => mailbox.to('gul', 'Fence cut').length === 1);
  expect((await operator.act(incident.id, 'acknowledge')).status).toBe(200);
  await operator.act(incident.id, 'dispatch');
  const pagesWhenHeld = mailbox.to('iqra', 'Fence cut').length;
  await until(async () => Date.now() > Date.parse(incident.openedAt) + 4_500, { timeoutMs: 10_000 });
  expect(mailbox.to('iqra', 'Fence cut')).toHaveLength(pagesWhenHeld);
  expect(pagesWhenHeld).toBe(0);
});

it('taken and left idle it comes back', async () => {
  await postAlerts(system, {
    key: 'tank',
    site: 'site-3',
    category: 'tamper',
    severity: 'high',
    title: 'Tank lid open',
  });
  const incident = await incidentTitled('Tank lid open');
  expect((await operator.act(incident.id, 'take')).status).toBe(200);
  await until(async () => (await typesOf(incident.id)).includes('incident.returned'), {
    timeoutMs: 10_000,
    what: 'the incident returns',
  });
  const back = await operator.get<IncidentRow>(`/v1/incidents/${incident.id}`);
  expect(back).toMatchObject({ state: 'open', owner: null });
  await until(() => mailbox.to('gul', 'Tank lid open').length > 1, { what: 'it pages again' });
});

it('a panel that never sends a restore alarms again after its incident was resolved', async () => {
  const alarm = { key: 'mute-panel', site: 'site-4', category: 'intrusion', severity: 'high', title: 'Hall motion' };
  const first = (await postAlerts(system, alarm)).alerts[0];
  const incident = await incidentTitled('Hall motion');
  expect((await postAlerts(system, alarm)).alerts[0]).toMatchObject({ status: 'duplicate', id: first?.id });
  expect((await operator.act(incident.id, 'resolve', { disposition: 'true' })).status).toBe(200);
  const second = (await postAlerts(system, alarm)).alerts[0];
  expect(second?.status).toBe('accepted');
  expect(second?.id).not.toBe(first?.id);
  const again = await until(
    async () => (await operator.incidents()).find((one) => one.title.includes('Hall motion') && one.state === 'open'),
    { what: 'it alarms again' },
  );
  expect(again.alertCount).toBeGreaterThan(0);
  await until(() => mailbox.to('gul', 'Hall motion').length >= 2, { what: 'it pages again' });
});

it('and the record verifies', () => {
  expect(system.tocsin('verify')).toMatch(/^ok: [\d,]+ events/);
});

/** Attacks I8 (at least once to people) and I10 (the same key on every repeat): SIGKILL of the notifier in the middle of a call. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool } from '@tocsin/store';
import { until } from '@tocsin/testing';
import { type HttpPeer, startHttpPeer } from '../../../libs/channels/test/http-peer';
import { postAlerts } from '../../system/alerts';
import { type IncidentRow, Person } from '../../system/people';
import { System } from '../../system/run-system';

let dir: string;
let hook: HttpPeer;
let system: System;
let operator: Person;

/** The unit of the other stories, whose first step also calls a webhook. */
function unitWithHook(): string {
  const config = join(dir, 'unit');
  cpSync(join(__dirname, '../../system/config'), config, { recursive: true });
  const file = join(config, 'unit.yaml');
  const unit = readFileSync(file, 'utf8');
  const step = 'targets: [{ team: guards }]';
  expect(unit).toContain(step);
  const channel = `kind: Channel\nid: ops\ntype: webhook\nname: { en: Ops }\naddress: "${hook.origin}/hook"\n`;
  writeFileSync(file, `${unit.replace(step, 'targets: [{ team: guards }, { channel: ops }]')}\n---\n${channel}`);
  return config;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tocsin-crash-'));
  hook = await startHttpPeer();
  system = await System.start({ config: unitWithHook(), env: { WEBHOOK_ALLOW_HOSTS: `127.0.0.1:${hook.port}` } });
  operator = await Person.signIn(system, 'operator');
}, 180_000);

afterAll(async () => {
  await system?.stop();
  await hook?.close();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

const keysOf = (title: string) =>
  hook.requests.filter(({ body }) => body.toString().includes(title)).map(({ headers }) => headers['webhook-id']);
const incidentTitled = (title: string): Promise<IncidentRow> =>
  until(async () => (await operator.incidents()).find((incident) => incident.title === title), { what: title });

it('calls that a SIGKILL cut off are made again with the same key, unless somebody acknowledged meanwhile', async () => {
  hook.behave('hang');
  await postAlerts(system, { key: 'c1', site: 'site-1', category: 'panic', severity: 'critical', title: 'Cut off' });
  await postAlerts(system, { key: 'c2', site: 'site-2', category: 'panic', severity: 'critical', title: 'Taken over' });
  await until(() => keysOf('Cut off').length + keysOf('Taken over').length === 2, { what: 'both calls are under way' });
  system.killService('notifier');
  hook.behave({ status: 200 });
  const taken = await incidentTitled('Taken over');
  expect((await operator.act(taken.id, 'resolve', { disposition: 'test' })).status).toBe(200);
  // The channel's deadline of 10 s and 5 s more must pass before an attempt counts as unknown.
  await until(() => keysOf('Cut off').length === 2, { timeoutMs: 40_000, everyMs: 100, what: 'the second call' });
  expect(new Set(keysOf('Cut off')).size).toBe(1);
  expect(await attemptsOf('Cut off', (rows) => rows[1]?.state === 'accepted')).toEqual([
    { ordinal: 1, state: 'unknown', code: 'no-result' },
    { ordinal: 2, state: 'accepted', code: null },
  ]);
  await until(async () => (await operator.events(taken.id)).some(isOver), {
    timeoutMs: 20_000,
    what: 'the other one ends',
  });
  expect(keysOf('Taken over')).toHaveLength(1);
}, 90_000);

const isOver = ({ type, reason }: { type: string; reason: { code: string } }) =>
  type === 'notification.suppressed' && reason.code === 'page-run-over';

interface AttemptRow {
  readonly ordinal: number;
  readonly state: string;
  readonly code: string | null;
}

async function attemptsOf(
  title: string,
  isDone: (rows: readonly AttemptRow[]) => boolean,
): Promise<readonly AttemptRow[]> {
  const pool = openPool({ url: system.run.postgres, name: 'test', max: 1 });
  const read = async () => {
    const { rows } = await pool.query<AttemptRow>(
      'SELECT ordinal, state, code FROM attempt WHERE delivery_id = $1 ORDER BY ordinal',
      [keysOf(title)[0]],
    );
    return isDone(rows) ? rows : undefined;
  };
  return until(read, { what: `the attempts of "${title}"` }).finally(() => pool.end());
}

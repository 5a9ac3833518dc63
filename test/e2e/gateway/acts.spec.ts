import { until } from '@tocsin/testing';
import { v7 } from 'uuid';
import { OpenGateway, people, type SignedIn } from './open-gateway.js';

let open: OpenGateway;
let operator: SignedIn;
let second: SignedIn;
let guard: SignedIn;
let commander: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open();
  [operator, second, guard, commander] = (await Promise.all(
    (['operator', 'second', 'guard', 'commander'] as const).map((who) => open.signIn(who)),
  )) as [SignedIn, SignedIn, SignedIn, SignedIn];
});
afterAll(() => open.close());

const events = async (id: string): Promise<string[]> =>
  (await operator.get(`/v1/incidents/${id}/events`)).body.items.map(({ type }: { type: string }) => type);
const assignmentOf = (incident: { assignments: { person: string; state: string }[] }, person: string) =>
  incident.assignments.find((one) => one.person === person)?.state;

describe('opening by hand', () => {
  const body = { site: 'gate-1', category: 'intrusion', severity: 'high', title: 'Guard calls: fence cut' };

  it('is an incident of its own that pages at once', async () => {
    const answer = await operator.post('/v1/incidents', {
      ...body,
      description: 'by radio',
      zone: 'door',
      onBehalfOf: people.guard.id,
      occurredAt: '2026-11-24T14:02:00+05:00',
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      class: 'manual',
      state: 'open',
      severity: 'high',
      site: 'gate-1',
      zone: 'door',
      team: 'guards',
      alertCount: 1,
      escalation: { step: 1 },
    });
    expect(answer.body.number).toMatch(/^\d\d-\d{5,}$/);
    expect(answer.body.seq).toBe((await events(answer.body.id)).length);
    const { rows } = await open.pool.query('SELECT target_id, state FROM notification WHERE incident_id = $1', [
      answer.body.id,
    ]);
    expect(rows).toEqual([{ target_id: people.guard.id, state: 'waiting' }]);
    const alert = await open.pool.query(
      'SELECT principal_kind, principal_id, group_key, work_due_at FROM alert WHERE incident_id = $1',
      [answer.body.id],
    );
    expect(alert.rows).toEqual([
      { principal_kind: 'person', principal_id: operator.id, group_key: null, work_due_at: null },
    ]);
  });

  it('neither joins nor is joined', async () => {
    const [one, two] = [await operator.post('/v1/incidents', body), await operator.post('/v1/incidents', body)];
    expect(one.body.id).not.toBe(two.body.id);
  });

  it('answers one Idempotency-Key once, also when both come together, and refuses it for another body', async () => {
    const headers = { 'idempotency-key': `call-${v7()}` };
    const answers = await Promise.all([1, 2, 3, 4].map(() => operator.post('/v1/incidents', body, { headers })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await operator.post('/v1/incidents', { ...body, title: 'other' }, { headers })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    // Another person's key is another key.
    expect((await second.post('/v1/incidents', body, { headers })).body.id).not.toBe(answers[0]?.body.id);
  });

  it('is for operators and commanders, at sites that they see', async () => {
    const [north, reviewer, admin] = [
      await open.signIn('north'),
      await open.signIn('reviewer'),
      await open.signIn('admin'),
    ];
    for (const who of [guard, reviewer, admin])
      expect(await who.post('/v1/incidents', body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await north.post('/v1/incidents', body)).status).toBe(201);
    expect(await north.post('/v1/incidents', { ...body, site: 'gate-2' })).toMatchObject({
      status: 422,
      body: { code: 'unknown-site' },
    });
    expect(await operator.post('/v1/incidents', { ...body, site: 'atlantis' })).toMatchObject({
      status: 422,
      body: { code: 'unknown-site' },
    });
  });
});

describe('the whole life of an incident', () => {
  it('walks through all eighteen acts', async () => {
    const id = await open.alert();
    const act = async (who: SignedIn, name: string, body: unknown = {}) => {
      const answer = await who.act(id, name, body);
      expect([name, answer.status, answer.text.slice(0, 200)]).toEqual([name, 200, expect.any(String)]);
      return answer.body;
    };
    expect(await act(operator, 'escalate')).toMatchObject({ state: 'open', escalation: { step: 2 } });
    expect(await act(operator, 'acknowledge')).toMatchObject({ state: 'acknowledged', escalation: null, owner: null });
    expect(await act(operator, 'take')).toMatchObject({ owner: operator.id });
    expect(await act(operator, 'transfer', { to: second.id })).toMatchObject({ owner: second.id });
    expect(await act(second, 'note', { text: 'camera shows two people' })).toMatchObject({ owner: second.id });
    expect(await act(second, 'release')).toMatchObject({ owner: null, state: 'open', escalation: { step: 1 } });
    expect(await act(second, 'take')).toMatchObject({ owner: second.id, state: 'acknowledged' });
    const dispatched = await act(second, 'dispatch');
    expect(assignmentOf(dispatched, guard.id)).toBe('notified');
    expect(assignmentOf(await act(guard, 'accept'), guard.id)).toBe('accepted');
    expect(assignmentOf(await act(guard, 'en-route'), guard.id)).toBe('en_route');
    expect(assignmentOf(await act(guard, 'on-scene'), guard.id)).toBe('on_scene');
    expect(assignmentOf(await act(guard, 'clear'), guard.id)).toBe('clear');
    await act(second, 'dispatch', { people: [people.scout.id] });
    expect(assignmentOf(await act(second, 'recall'), people.scout.id)).toBe('recalled');
    await act(second, 'dispatch', { teams: ['guards'] });
    await act(guard, 'decline', { why: 'car does not start' });
    await act(second, 'dispatch', { teams: ['guards'] });
    await act(second, 'stand-down');
    expect(await act(second, 'regrade', { severity: 'critical' })).toMatchObject({
      severity: 'critical',
      state: 'open',
    });
    expect(await act(second, 'resolve', { disposition: 'true' })).toMatchObject({
      state: 'resolved',
      disposition: 'true',
      escalation: null,
    });
    expect(await act(second, 'reopen')).toMatchObject({ state: 'open', owner: null });
    await act(second, 'resolve', { disposition: 'false' });
    expect(await act(second, 'close')).toMatchObject({ state: 'closed' });
    const row = (await operator.get(`/v1/incidents/${id}`)).body;
    expect(row.seq).toBe((await events(id)).length);
  });

  it('pages again in the same transaction when an act starts a run', async () => {
    const id = await open.alert();
    await operator.act(id, 'acknowledge');
    await operator.act(id, 'release');
    const { rows } = await open.pool.query(
      "SELECT count(*)::int AS waiting FROM notification WHERE incident_id = $1 AND state = 'waiting'",
      [id],
    );
    expect(rows[0].waiting).toBe(1);
  });
});

describe('acts that are true already', () => {
  it('answer 200 and write nothing', async () => {
    const id = await open.alert();
    await operator.act(id, 'acknowledge');
    await operator.act(id, 'dispatch');
    for (const step of ['accept', 'en-route', 'on-scene', 'clear']) await guard.act(id, step);
    await operator.act(id, 'take');
    const before = await events(id);
    for (const act of ['acknowledge', 'take', 'recall', 'stand-down'])
      expect([act, (await operator.act(id, act)).status]).toEqual([act, 200]);
    expect((await guard.act(id, 'clear')).status).toBe(200);
    expect((await operator.act(id, 'regrade', { severity: 'high' })).status).toBe(200);
    expect(await events(id)).toEqual(before);
    await operator.act(id, 'resolve');
    await operator.act(id, 'close');
    const ended = await events(id);
    expect([(await operator.act(id, 'close')).status, await events(id)]).toEqual([200, ended]);
  });
});

describe('refused acts', () => {
  it('are 409 with the current state', async () => {
    const id = await open.alert();
    expect(await operator.act(id, 'close')).toMatchObject({
      status: 409,
      body: { code: 'illegal-move', incident: { id, state: 'open' } },
    });
    expect(await operator.act(id, 'acknowledge', { expectedVersion: 99 })).toMatchObject({
      status: 409,
      body: { code: 'stale-version', incident: { version: 1 } },
    });
    expect(await operator.act(id, 'dispatch', { teams: ['nobody'] })).toMatchObject({
      status: 409,
      body: { code: 'nobody-on-duty', incident: { state: 'open' } },
    });
    expect(await guard.act(id, 'en-route')).toMatchObject({
      status: 409,
      body: { code: 'illegal-move', incident: { id } },
    });
    expect(await operator.act(id, 'dispatch', { teams: ['atlantis'] })).toMatchObject({
      status: 422,
      body: { code: 'unknown-team' },
    });
    expect(await operator.act(id, 'transfer', { to: v7() })).toMatchObject({
      status: 422,
      body: { code: 'unknown-person' },
    });
    expect(await operator.act(id, 'note', { text: 'later', occurredAt: '2250-01-01T00:00:00Z' })).toMatchObject({
      status: 422,
      body: { code: 'not-yet' },
    });
    await operator.act(id, 'resolve');
    await operator.act(id, 'close');
    for (const act of ['acknowledge', 'take', 'dispatch', 'escalate', 'resolve']) {
      expect([act, (await operator.act(id, act)).body.code]).toEqual([act, 'illegal-move']);
    }
  });

  it('names the other incident when a group has an unresolved one', async () => {
    const key = `group-${v7()}`;
    const first = await open.alert({ key });
    await operator.act(first, 'resolve');
    await operator.act(first, 'close');
    await open.pool.query("UPDATE alert SET status = 'resolved' WHERE incident_id = $1", [first]);
    const other = await open.alert({ key });
    expect(other).not.toBe(first);
    expect(await operator.act(first, 'reopen')).toMatchObject({
      status: 409,
      body: { code: 'group-has-open-incident', incidentId: other, incident: { id: first, state: 'closed' } },
    });
  });

  it('leave their Idempotency-Key free', async () => {
    const id = await open.alert();
    const headers = { 'idempotency-key': `close-${v7()}` };
    expect((await operator.act(id, 'close', {}, { headers })).status).toBe(409);
    await operator.act(id, 'resolve');
    expect((await operator.act(id, 'close', {}, { headers })).status).toBe(200);
  });
});

describe('who may', () => {
  it('is decided by role, scope and involvement', async () => {
    const id = await open.alert({ site: 'gate-2' });
    const [north, scout, reviewer, admin] = (await Promise.all(
      (['north', 'scout', 'reviewer', 'admin'] as const).map((who) => open.signIn(who)),
    )) as [SignedIn, SignedIn, SignedIn, SignedIn];
    expect(await north.act(id, 'acknowledge')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    for (const who of [scout, reviewer, admin])
      expect([who.who, (await who.act(id, 'acknowledge')).status]).toEqual([who.who, 403]);
    expect((await guard.act(id, 'take')).status).toBe(403);
    expect((await guard.act(id, 'acknowledge', { onBehalfOf: scout.id })).status).toBe(403);
    // The guard was paged for it.
    expect((await guard.act(id, 'acknowledge')).status).toBe(200);
    expect(
      (await operator.act(id, 'accept', { onBehalfOf: scout.id, occurredAt: '2026-11-24T14:02:00Z' })).status,
    ).toBe(200);
    const said = (await operator.get(`/v1/incidents/${id}/events`)).body.items.at(-1);
    expect(said).toMatchObject({
      type: 'assignment.accepted',
      actor: { id: operator.id, name: 'operator' },
      onBehalfOf: scout.id,
      occurredAt: '2026-11-24T14:02:00.000000Z',
    });
    // Now the scout is assigned.
    expect((await scout.act(id, 'en-route')).status).toBe(200);
  });

  it('lets a commander alone close what another owns', async () => {
    const id = await open.alert();
    await operator.act(id, 'take');
    await operator.act(id, 'resolve');
    expect((await second.act(id, 'close')).status).toBe(403);
    expect((await commander.act(id, 'close')).status).toBe(200);
    expect((await second.act(id, 'reopen')).status).toBe(403);
    expect((await commander.act(id, 'reopen')).status).toBe(200);
  });
});

describe('acts that come together', () => {
  it('write one history: one acknowledgement, no holes', async () => {
    const id = await open.alert();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 ? second : operator).act(id, index % 3 === 0 ? 'acknowledge' : 'take'),
      ),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const log = (await operator.get(`/v1/incidents/${id}/events`)).body.items as { seq: number; type: string }[];
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.filter(({ type }) => type === 'incident.acknowledged')).toHaveLength(1);
  });

  it('lets one of two with the same version win', async () => {
    const id = await open.alert();
    const { version } = (await operator.get(`/v1/incidents/${id}`)).body;
    const answers = await Promise.all([
      operator.act(id, 'take', { expectedVersion: version }),
      second.act(id, 'take', { expectedVersion: version }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('replays an act under its key with the same bytes, while the incident has moved on', async () => {
    const id = await open.alert();
    const headers = { 'idempotency-key': `ack-${v7()}` };
    const first = await operator.act(id, 'acknowledge', {}, { headers });
    await operator.act(id, 'take');
    const again = await operator.act(id, 'acknowledge', {}, { headers });
    expect([again.status, again.text]).toEqual([200, first.text]);
    await until(async () => (await events(id)).filter((type) => type === 'incident.acknowledged').length === 1);
  });
});

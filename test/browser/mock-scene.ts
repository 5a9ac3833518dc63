import type { AssignmentState, Delivery } from '../../apps/console/src/wire.js';
import type { MockGateway } from './mock-gateway.js';
import { person, type Raise } from './mock-world.js';

const sent = (people: readonly string[], team: string, ...states: readonly AssignmentState[]) =>
  people.map((person, n) => ({ person, team, state: states[n] ?? states[0] ?? 'notified', at: undefined as never }));

/** The minute 02:14:07 of the pictures: one duress under way, a new panic that nobody has, a night's other work. */
export function minuteOfThePictures(gateway: MockGateway, withPanic = true): void {
  const { world } = gateway;
  const quiet = (raise: Raise) => world.raise(raise, true);
  duress(gateway);
  if (withPanic)
    quiet({
      id: 'panic',
      title: 'Panic button',
      category: 'panic',
      severity: 'critical',
      site: 'site-02',
      zone: 'guard-post',
      ago: 3,
      team: 'escort-1',
    });
  quiet({ title: 'Vehicle at closed barrier', severity: 'high', site: 'site-12', zone: 'barrier-1', ago: 38 });
  quiet({
    title: 'Motion, fence',
    severity: 'medium',
    site: 'site-05',
    zone: 'fence-4',
    ago: 100,
    condition: 'normal',
    alertCount: 3,
  });
  quiet({ title: 'Door held open', severity: 'medium', site: 'site-09', zone: 'dock-2', ago: 82, category: 'tamper' });
  quiet({
    title: 'Low battery, sensor',
    severity: 'low',
    site: 'site-03',
    zone: 'store-1',
    ago: 52,
    category: 'technical',
  });
  const mine = { state: 'acknowledged', owner: 'khan' } as const;
  quiet({
    title: 'Perimeter + camera',
    severity: 'high',
    site: 'site-12',
    zone: 'fence-2-3',
    ago: 190,
    alertCount: 6,
    ...mine,
    assignments: sent(['r4', 'r5', 'r6'], 'qrf-3', 'en_route'),
  });
  const taken = (owner: string) => ({ state: 'acknowledged', owner }) as const;
  quiet({
    title: 'Intrusion, 2 zones',
    severity: 'high',
    site: 'site-10',
    zone: 'pier-3',
    ago: 1651,
    alertCount: 2,
    ...taken('butt'),
    assignments: sent(['r11', 'r12'], 'escort-1', 'en_route'),
  });
  quiet({
    title: 'Medical call',
    severity: 'high',
    site: 'site-08',
    zone: 'ward-1',
    ago: 1100,
    category: 'medical',
    ...taken('aziz'),
    assignments: sent(['r9', 'r10'], 'medic-1', 'on_scene'),
  });
  quiet({ title: 'Door forced', severity: 'high', site: 'site-01', zone: 'main-door', ago: 895, ...taken('aziz') });
  quiet({
    title: 'Tamper',
    severity: 'medium',
    site: 'site-04',
    zone: 'panel-2',
    ago: 4329,
    category: 'tamper',
    ...taken('butt'),
  });
  quiet({
    title: 'Gas detector fault',
    severity: 'medium',
    site: 'site-06',
    zone: 'hatch',
    ago: 2790,
    category: 'technical',
    alertCount: 4,
    ...taken('aziz'),
  });
  quiet({ title: 'Door forced', severity: 'medium', site: 'site-03', zone: 'store-1', ago: 1262, ...taken('butt') });
  quiet({
    title: 'Camera lost',
    severity: 'medium',
    site: 'site-09',
    zone: 'dock-2',
    ago: 820,
    category: 'technical',
    ...taken('aziz'),
  });
  for (let n = 0; n < 5; n += 1)
    quiet({
      title: 'Door forced',
      severity: 'medium',
      site: `site-0${n + 1}`,
      ago: 900 + n * 400,
      ...taken(n % 2 ? 'butt' : 'aziz'),
    });
  for (let n = 0; n < 21; n += 1)
    quiet({
      title: 'Low battery, sensor',
      severity: 'low',
      site: `site-${String((n % 12) + 1).padStart(2, '0')}`,
      category: 'technical',
      ago: 5000 + n * 300,
      ...taken(n % 2 ? 'butt' : 'aziz'),
    });
  quiet({
    title: 'Site silent',
    severity: 'high',
    class: 'system',
    category: 'system',
    site: 'site-11',
    ago: 960,
    ...taken('aziz'),
    team: null,
  });
  quiet({
    title: 'Mobile data: net B down',
    severity: 'high',
    class: 'system',
    category: 'system',
    site: null,
    ago: 9240,
    ...taken('butt'),
    team: null,
  });
}

/** 26-02481: pressed 02:13:25, taken +4.4 s, QRF-2 sent +15 s, one of three accepted. */
function duress({ world }: MockGateway): void {
  world.raise({ ...duressButton, ago: 41.8 }, true);
  world.patch('duress', {
    number: '26-02481',
    occurredAt: world.at(42),
    acknowledgedAt: world.at(37.6),
    assignments: [
      { person: 'raza', team: 'qrf-2', state: 'en_route', at: world.at(9) },
      { person: 'ali', team: 'qrf-2', state: 'notified', at: world.at(27) },
      { person: 'noor', team: 'qrf-2', state: 'notified', at: world.at(27) },
    ],
  });
  const note = (text: string, ago: number) =>
    world.event('duress', 'note.added', { text }, { by: person('khan'), ago });
  const page = (what: string, id: string, ago: number) =>
    world.event(
      'duress',
      `notification.${what}`,
      { notificationId: `n-${id}`, person: id, channel: 'push', step: 1 },
      { ago },
    );
  const crew = ['raza', 'ali', 'noor'];
  world.event('duress', 'incident.acknowledged', {}, { by: person('khan'), ago: 37.6 });
  world.event('duress', 'incident.taken', { to: 'khan' }, { by: person('khan'), ago: 37.6 });
  for (const id of crew)
    world.event('duress', 'assignment.dispatched', { person: id, team: 'qrf-2' }, { by: person('khan'), ago: 27 });
  for (const id of crew) page('sent', id, 27);
  page('delivered', 'raza', 25);
  page('delivered', 'noor', 24);
  note('Called W.Li back: no answer', 23);
  world.event('duress', 'assignment.accepted', { person: 'raza', team: 'qrf-2' }, { by: person('raza'), ago: 18 });
  note('Camera 07-B2: one person at hut door, barrier down', 15);
  world.event('duress', 'assignment.en_route', { person: 'raza', team: 'qrf-2' }, { by: person('raza'), ago: 9 });
  page('seen', 'noor', 3);
  const delivery = (id: string, part: Partial<Delivery>): Delivery => ({
    id: `d-${id}`,
    person: id,
    channel: 'push',
    state: 'sent',
    step: 1,
    queuedAt: world.at(27),
    sentAt: world.at(27),
    ...part,
  });
  world.deliveries.set('duress', [
    delivery('raza', { state: 'seen', deliveredAt: world.at(25), seenAt: world.at(22) }),
    delivery('ali', {}),
    delivery('noor', { state: 'seen', deliveredAt: world.at(24), seenAt: world.at(3) }),
  ]);
}

const duressButton = {
  id: 'duress',
  title: 'Duress button',
  category: 'duress',
  severity: 'critical',
  site: 'site-07',
  zone: 'gate-b',
  team: 'qrf-2',
  state: 'acknowledged',
  owner: 'khan',
  route: 'S1-duress',
  source: 'DB-07-3',
  description: 'Button DB-07-3 held 2 s',
} as const;

/** 1,003 alarms in ten minutes, seven of them S1: the supply failed at one site and much followed. */
export function flood(gateway: MockGateway, total = 1003): void {
  const { world } = gateway;
  const site = (n: number): string => `site-${String((n % 12) + 1).padStart(2, '0')}`;
  const causes = [
    ['Supply failure', 'technical'],
    ['Camera lost', 'supervision'],
    ['Door forced', 'intrusion'],
    ['Tamper', 'tamper'],
  ] as const;
  for (let n = 0; n < 7; n += 1)
    world.raise(
      {
        id: `s1-${n}`,
        title: ['Panic button', 'Man down', 'Duress button'][n % 3] as string,
        category: 'panic',
        severity: 'critical',
        site: site(n + 1),
        ago: 60 + n,
        ...(n > 3 ? { state: 'acknowledged', owner: 'butt' } : {}),
      },
      true,
    );
  for (let n = 7; n < total; n += 1) {
    const [title, category] = causes[n % 4] as (typeof causes)[number];
    const severity = n % 16 === 0 ? 'high' : n % 5 < 2 ? 'medium' : 'low';
    world.raise(
      {
        title,
        category,
        severity,
        site: n % 3 === 0 ? 'site-05' : site(n),
        ago: 200 - (n % 190),
        ...(n % 12 === 0 ? { state: 'acknowledged', owner: 'butt' } : {}),
      },
      true,
    );
  }
}

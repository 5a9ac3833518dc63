import { type Random, randomFor } from '../history/random';
import { type Group, makePeople } from './people';
import type { Scene, ScenePolicy, SceneRoute, Setting } from './shapes';

type Target = ScenePolicy['steps'][number]['targets'][number];

const zones = ['gate', 'hall', 'roof'];
export const lifeSafety = ['panic', 'duress', 'hold-up', 'fire', 'medical'];
export const technical = ['technical', 'monitoring'];
const serious = ['critical', 'high'] as const;

/** Ladders are short, so that steps fall due all the time. */
const usualSetting: Setting = { sites: 4, stepsS: [5, 10, 15] };

/** A unit of sites in three groups. Pure: the same seed, the same scene. `id` of people is null until `resolveIds`. */
export function makeScene(seed: number, { sites: perGroup, stepsS } = usualSetting): Scene {
  const random = randomFor(seed, 'scene');
  const sites = Array.from({ length: 3 * perGroup }, (_, index) => `site-${String(index + 1).padStart(2, '0')}`);
  const groups = ['north', 'centre', 'south'].map((id, index) => ({
    id,
    sites: sites.slice(index * perGroup, (index + 1) * perGroup),
  }));
  const people = makePeople(random, groups, sites);
  const members = (name: string): string[] =>
    people.filter(({ slug, role }) => role === 'responder' && slug.startsWith(`${name}-`)).map(({ slug }) => slug);
  const teams = [...groups.map(({ id }) => id), 'reserve'].map((id) => ({ id, members: members(id) }));
  return {
    sites: sites.map((id) => ({ id, zones })),
    people,
    teams: [...teams, { id: 'technicians', members: members('technician') }],
    routes: makeRoutes(groups),
    policies: makePolicies(groups, stepsS),
    channels: [
      { id: 'ops-room', channel: 'webhook', address: '/channel/ops-room' },
      { id: 'duty-desk', channel: 'email', address: 'duty-desk@example.org' },
    ],
    sources: [
      { id: 'panels-east', protocol: 'http' },
      { id: 'panels-west', protocol: 'http' },
      { id: 'prometheus', protocol: 'alertmanager' },
    ],
    canaries: Object.fromEntries(sites.map((site) => [site, canaryOf(random, site)])),
    timing: {
      takenIdleCriticalS: 6,
      takenIdleS: 12,
      exhaustedAfterS: 10,
      exhaustedRepeatS: 45,
      reopenWithinS: 30,
      responsePagesS: [0, 5, 10],
      responseNoAnswerS: 15,
    },
    zonedCategories: ['panic', 'duress', 'hold-up'],
  };
}

/** What `canariesIn` finds again in any text. */
const canaryOf = (random: Random, site: string): string =>
  `cnry${site.slice(-2)}${Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('')}`;
const canary = /cnry\d{2}[0-9a-z]{8}/g;
export const canariesIn = (text: string): string[] => [...new Set(text.match(canary) ?? [])];

/** Read from the top, as the service does; each by other fields, so that a wrong one shows. */
function makeRoutes(groups: readonly Group[]): SceneRoute[] {
  const route = (id: string, more: Partial<SceneRoute>): SceneRoute => ({
    id,
    sites: null,
    severities: null,
    categories: null,
    policy: id,
    team: 'reserve',
    autoResolve: false,
    ...more,
  });
  // Of the group whose team is sent there: nobody else of a group may see it.
  const vault = groups.find(({ id }) => id === 'centre')?.sites.slice(1, 2) ?? [];
  const ofTechnicians = { team: 'technicians', policy: 'technical' } as const;
  return [
    route('system-faults', { ...ofTechnicians, categories: ['system'] }),
    route('technical-serious', { ...ofTechnicians, categories: technical, severities: serious }),
    route('technical-routine', { ...ofTechnicians, categories: technical, autoResolve: true }),
    route('vault', { sites: vault, categories: ['intrusion', 'tamper'], team: 'centre' }),
    route('life-safety', { categories: lifeSafety }),
    ...groups.map(({ id, sites }) =>
      route(`${id}-serious`, { sites, severities: serious, team: id, policy: `${id}-serious` }),
    ),
    ...groups.map(({ id, sites }) => route(`${id}-routine`, { sites, team: id, policy: `${id}-routine` })),
    route('everything-else', { policy: 'unplaced' }),
  ];
}

/** Three steps each. Whoever is scoped to a group is paged for sites of that group alone. */
function makePolicies(groups: readonly Group[], usual: Setting['stepsS']): ScenePolicy[] {
  const reserve: Target = { kind: 'team', id: 'reserve' };
  const technicians: Target = { kind: 'team', id: 'technicians' };
  const commander = (number: number): Target => ({ kind: 'person', id: `commander-${number}` });
  const opsRoom: Target = { kind: 'channel', id: 'ops-room' };
  const dutyDesk: Target = { kind: 'channel', id: 'duty-desk' };
  const ladder = (id: string, times: readonly number[], targets: readonly (readonly Target[])[]): ScenePolicy => ({
    id,
    steps: times.map((afterS, index) => ({ afterS, targets: targets[index] ?? [] })),
  });
  const urgent = [0, usual[0], usual[1]];
  return [
    ladder('technical', usual, [[technicians], [technicians, dutyDesk], [commander(2)]]),
    ladder('vault', urgent, [[{ kind: 'team', id: 'centre' }, opsRoom], [reserve], [commander(1), commander(2)]]),
    ladder('life-safety', urgent, [[reserve, opsRoom], [commander(1)], [commander(2), opsRoom]]),
    ...groups.flatMap(({ id }) => [
      ladder(`${id}-serious`, usual, [[{ kind: 'team', id }, opsRoom], [reserve, opsRoom], [commander(1)]]),
      ladder(`${id}-routine`, usual, [[{ kind: 'team', id }], [opsRoom], [dutyDesk, reserve]]),
    ]),
    ladder('unplaced', usual, [[reserve], [opsRoom], [commander(1)]]),
  ];
}

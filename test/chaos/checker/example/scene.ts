import type { Scene, ScenePerson } from '../../scene/shapes';

const person = (slug: string, n: number, scope: readonly string[] | null = null): ScenePerson => ({
  slug,
  id: `00000000-0000-7000-8000-0000000000a${n}`,
  role: 'responder',
  scope,
  contacts: [
    { channel: 'webhook', address: `/${slug}`, afterS: 0 },
    { channel: 'email', address: `${slug}@example.org`, afterS: 5 },
  ],
});

const team = (id: string): { kind: 'team'; id: string } => ({ kind: 'team', id });
const one = (id: string): { kind: 'person'; id: string } => ({ kind: 'person', id });

const any = { sites: null, severities: null, categories: null, autoResolve: false };
const timing = {
  takenIdleCriticalS: 60,
  takenIdleS: 300,
  exhaustedAfterS: 20,
  exhaustedRepeatS: 300,
  reopenWithinS: 600,
};

/** Three sites; gul may see site-1 alone, whose alerts are his team's. */
export const scene: Scene = {
  sites: ['site-1', 'site-2', 'site-3'].map((id) => ({ id, zones: ['gate', 'hall'] })),
  people: [person('amina', 1), person('gul', 2, ['site-1']), person('hamid', 3), person('javed', 4)],
  teams: [
    { id: 'north', members: ['gul'] },
    { id: 'guards', members: ['hamid', 'javed'] },
  ],
  routes: [
    { id: 'north', ...any, sites: ['site-1'], policy: 'north', team: 'north' },
    { id: 'grave', ...any, severities: ['critical'], policy: 'grave', team: 'guards' },
    { id: 'rest', ...any, policy: 'ladder', team: 'guards' },
  ],
  policies: [
    { id: 'north', steps: steps([team('north')], [one('gul')], [one('gul')]) },
    { id: 'grave', steps: steps([team('guards')], [one('javed')], [one('amina'), one('javed')]) },
    { id: 'ladder', steps: steps([one('hamid')], [one('javed')], [one('amina')]) },
  ],
  channels: [],
  sources: [{ id: 'panels', protocol: 'http' }],
  canaries: {},
  timing: { ...timing, responsePagesS: [0, 60, 120], responseNoAnswerS: 180 },
  zonedCategories: ['panic'],
};

/** After 0, 5 and 10 s. */
function steps(
  ...targets: Scene['policies'][number]['steps'][number]['targets'][]
): Scene['policies'][number]['steps'] {
  return targets.map((to, index) => ({ afterS: index * 5, targets: to }));
}

export const idOf = (slug: string): string => scene.people.find((one) => one.slug === slug)?.id ?? slug;
export const personOf = (id: string): ScenePerson => scene.people.find((one) => one.id === id) as ScenePerson;

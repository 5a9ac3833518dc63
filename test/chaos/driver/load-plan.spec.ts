import { makeScene } from '../scene';
import { type Planned, planLoad } from './load-plan';

const scene = makeScene(7);
const now = new Date(0);
const many = (seed: number): Planned[] => {
  const plan = planLoad(seed, scene);
  return Array.from({ length: 5_000 }, () => plan(now));
};
const planned = many(7);
const firsts = planned.map(({ first }) => first);

it('is the same twice', () => {
  expect(many(7)).toEqual(planned);
  expect(many(8)).not.toEqual(planned);
});

it('uses every door, source, site, and says in the body what it records', () => {
  expect(new Set(firsts.map(({ door, path }) => `${door} ${path}`)).size).toBe(4);
  expect(new Set(firsts.map(({ source }) => source)).size).toBe(3);
  expect(new Set(firsts.flatMap(({ alerts }) => alerts.map(({ site }) => site))).size).toBe(12);
  for (const { body, alerts } of firsts)
    for (const { site, canary, severity } of alerts)
      expect([site, canary, severity].filter((word) => !body.includes(word))).toEqual([]);
});

it('has each key once, and restores only by the doors that can', () => {
  const keys = firsts.flatMap(({ alerts }) => alerts.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
  const restored = planned.flatMap(({ restores }) => restores.map(({ submission }) => submission));
  expect(restored.length).toBeGreaterThan(500);
  expect(restored.every(({ alerts, path }) => alerts[0]?.status === 'resolved' && path !== '/api/v2/alerts')).toBe(
    true,
  );
});

it('names an Alertmanager alert by its sorted labels', () => {
  const { alerts, body } = firsts.find(({ path }) => path === '/api/v2/alerts')!;
  const [{ labels }] = JSON.parse(body) as [{ labels: Record<string, string> }];
  expect(Object.keys(labels)).toEqual(['alertname', 'category', 'severity', 'site', 'zone']);
  expect(alerts[0]?.key).toBe(
    `{${Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(',')}}`,
  );
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { canariesIn, makeScene, writeScene } from '.';

const scene = makeScene(7);
const sinks = { webhookUrl: 'http://127.0.0.1:1', smtpUrl: 'smtp://127.0.0.1:2', pushUrl: 'http://127.0.0.1:3' };

it('is the same for the same seed', () => {
  expect(makeScene(7)).toEqual(scene);
  expect(makeScene(8)).not.toEqual(scene);
});

it('refers to nothing that is not there, ends with a catch-all, and rises in each ladder', () => {
  const ids = {
    team: scene.teams.map(({ id }) => id),
    person: scene.people.map(({ slug }) => slug),
    channel: scene.channels.map(({ id }) => id),
    rotation: [] as string[],
  };
  for (const { members } of scene.teams) expect(members.every((slug) => ids.person.includes(slug))).toBe(true);
  for (const { steps } of scene.policies) {
    const times = steps.map(({ afterS }) => afterS);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    for (const { kind, id } of steps.flatMap(({ targets }) => targets)) expect(ids[kind]).toContain(id);
  }
  for (const { policy, team } of scene.routes) {
    expect(scene.policies.map(({ id }) => id)).toContain(policy);
    expect(ids.team).toContain(team);
  }
  expect(scene.routes.at(-1)).toMatchObject({ sites: null, severities: null, categories: null });
});

it.each([4, 32])('pages nobody for a site outside his scope, with %i sites in a group', (sites) => {
  const scene = makeScene(7, { sites, stepsS: [5, 10, 15] });
  const everywhere = scene.sites.map(({ id }) => id);
  const people = new Map(scene.people.map((person) => [person.slug, person]));
  for (const { sites, policy } of scene.routes) {
    const targets = scene.policies.find(({ id }) => id === policy)?.steps.flatMap((step) => step.targets) ?? [];
    const slugs = targets.flatMap(({ kind, id }) =>
      kind === 'team' ? (scene.teams.find((team) => team.id === id)?.members ?? []) : kind === 'person' ? [id] : [],
    );
    for (const slug of slugs) {
      const scope = people.get(slug)?.scope ?? everywhere;
      expect([policy, slug, (sites ?? everywhere).filter((site) => !scope.includes(site))]).toEqual([policy, slug, []]);
    }
  }
});

it('has a canary for each site that is found in any text', () => {
  const [first, second] = Object.values(scene.canaries);
  expect(new Set(Object.values(scene.canaries)).size).toBe(12);
  expect(canariesIn(`Door ${first}, "${second}" and ${first}`)).toEqual([first, second]);
});

it('writes a document for each thing, with the addresses of the sinks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scene-'));
  try {
    writeScene(scene, folder, sinks);
    const documents = parseAllDocuments(readFileSync(join(folder, 'scene.yaml'), 'utf8')).map((one) => one.toJS());
    const count = (kind: string) => documents.filter((one: { kind: string }) => one.kind === kind).length;
    expect([count('Unit'), count('Site'), count('Person'), count('Team')]).toEqual([1, 12, scene.people.length, 5]);
    expect(documents).toContainEqual(expect.objectContaining({ address: 'http://127.0.0.1:1/channel/ops-room' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SinkAddresses } from '../sinks';
import type { Scene, ScenePerson, SceneRoute } from './shapes';

/** More than any run sends: floods bring their own limits. */
const budget = { perSecond: 100_000, criticalPerSecond: 100_000, criticalBurst: 100_000 };

/** Writes the scene as the folder of YAML that the service takes (TOCSIN_CONFIG). */
export function writeScene(scene: Scene, folder: string, sinks: SinkAddresses): void {
  mkdirSync(folder, { recursive: true });
  const documents = [
    unit(scene),
    ...scene.sites.map(({ id, zones }) => site(scene, id, zones)),
    ...scene.people.map((person) => personOf(person, sinks)),
    ...scene.teams.map(({ id, members }) => ({ kind: 'Team', id, name: id, members })),
    ...scene.channels.map(({ id, channel, address }) => ({
      kind: 'Channel',
      id,
      type: channel,
      name: id,
      address: addressAt(sinks, channel, address),
    })),
    ...scene.policies.map(({ id, steps }) => ({
      kind: 'Policy',
      id,
      name: id,
      steps: steps.map(({ afterS, targets }) => ({ afterS, targets: targets.map(({ kind, id }) => ({ [kind]: id })) })),
    })),
    ...scene.routes.map(routeOf),
    ...scene.sources.map(({ id, protocol }) => ({ kind: 'Source', id, name: id, protocol, scope: ['unit'], budget })),
  ];
  writeFileSync(join(folder, 'scene.yaml'), documents.map((document) => stringify(document)).join('---\n'));
}

function unit({ timing }: Scene): object {
  const { exhaustedRepeatS, responsePagesS, ...same } = timing;
  return {
    kind: 'Unit',
    id: 'chaos',
    name: 'Chaos',
    timeZone: 'Asia/Karachi',
    timing: { ...same, repeatExhaustedS: exhaustedRepeatS, responsePagesS: [...responsePagesS] },
  };
}

function site(scene: Scene, id: string, zones: readonly string[]): object {
  const groups = groupsOf(scene).flatMap(({ group, sites }) => (sites.includes(id) ? [group] : []));
  return {
    kind: 'Site',
    id,
    code: id.slice(-2),
    name: id,
    groups,
    zones: zones.map((zone) => ({ id: zone, name: zone })),
  };
}

/** A scope of several sites is a group of them, named by its sites; of a single one, the site. */
function groupsOf({ people }: Scene): { group: string; sites: readonly string[] }[] {
  return people
    .flatMap(({ scope }) => (scope !== null && scope.length > 1 ? [{ group: groupName(scope), sites: scope }] : []))
    .filter(({ group }, index, all) => all.findIndex((other) => other.group === group) === index);
}
const groupName = (sites: readonly string[]): string => `from-${sites[0]}-to-${sites.at(-1)}`;

function personOf({ slug, role, scope, contacts }: ScenePerson, sinks: SinkAddresses): object {
  const sight = scope === null ? 'unit' : scope.length === 1 ? { site: scope[0] } : { group: groupName(scope) };
  return {
    kind: 'Person',
    id: slug,
    name: slug,
    username: slug,
    grants: [{ role, scope: sight }],
    contacts: contacts.map(({ channel, address, afterS }) =>
      channel === 'push' ? { channel, afterS } : { channel, address: addressAt(sinks, channel, address), afterS },
    ),
  };
}

function routeOf({ id, policy, team, autoResolve, ...match }: SceneRoute): object {
  const given = Object.entries(match).filter(([, words]) => words !== null);
  return {
    kind: 'Route',
    id,
    match: Object.fromEntries(given.map(([field, words]) => [field, [...(words ?? [])]])),
    policy,
    ...(team === null ? {} : { team }),
    ...(autoResolve ? { autoResolve } : {}),
  };
}

const addressAt = (sinks: SinkAddresses, channel: 'webhook' | 'email', address: string): string =>
  channel === 'webhook' ? `${sinks.webhookUrl}${address}` : address;

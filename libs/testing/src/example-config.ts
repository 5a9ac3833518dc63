import { createHash } from 'node:crypto';
import { type ConfigDocument, defaultTiming, type PersonConfig, type Role } from '@tocsin/domain';
import type { Pool } from '@tocsin/store';

const personId = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

function person(number: number, slug: string, role: Role): PersonConfig {
  const name = slug.charAt(0).toUpperCase() + slug.slice(1);
  return {
    slug,
    id: personId(number),
    name: { en: name },
    username: slug,
    language: 'en',
    grants: [{ role, scope: { kind: 'unit' } }],
    contacts: [{ channel: 'push' }, { channel: 'email', address: `${slug}@unit.example`, afterS: 60 }],
  };
}

/**
 * A small fictional unit: two sites, one team with a weekly rota of two, an operator and a commander, one source, a
 * ladder of three steps for everything. Its agency is `unit`, as that of the builders.
 */
export function exampleConfig(over: Partial<ConfigDocument> = {}): ConfigDocument {
  return {
    agency: { id: 'unit', name: { en: 'Example Unit' }, timeZone: 'Asia/Karachi' },
    sites: ['north-depot', 'south-depot'].map((id, index) => ({
      id,
      code: `0${index + 1}`,
      name: { en: id },
      groups: ['depots'],
      location: { lat: 33.7 + index / 100, lon: 73.1 },
      zones: [
        { id: 'gate', name: { en: 'Gate' } },
        { id: 'roof', name: { en: 'Roof' } },
      ],
    })),
    teams: [{ id: 'response', name: { en: 'Response' }, members: ['ayesha', 'bilal'], schedule: 'duty' }],
    people: [
      person(1, 'ayesha', 'responder'),
      person(2, 'bilal', 'responder'),
      person(3, 'omar', 'operator'),
      person(4, 'zara', 'commander'),
    ],
    schedules: [
      {
        id: 'duty',
        name: { en: 'Duty' },
        timeZone: 'Asia/Karachi',
        overrides: [],
        layers: [
          {
            id: 'weekly',
            people: ['ayesha', 'bilal'],
            startsAt: '2026-01-05T07:00',
            turn: { unit: 'week', count: 1 },
            windows: [],
          },
        ],
      },
    ],
    policies: [
      {
        id: 'standard',
        name: { en: 'Standard' },
        steps: [
          { afterS: 0, targets: [{ kind: 'schedule', id: 'duty' }] },
          { afterS: 60, targets: [{ kind: 'team', id: 'response' }] },
          {
            afterS: 180,
            targets: [
              { kind: 'person', id: 'zara' },
              { kind: 'channel', id: 'control-room' },
            ],
          },
        ],
      },
    ],
    routes: [{ id: 'everything', match: {}, policy: 'standard', team: 'response' }],
    sources: [
      {
        id: 'panels',
        name: { en: 'Panels' },
        protocol: 'http',
        scope: [{ kind: 'unit' }],
        budget: { perSecond: 1_000, criticalPerSecond: 500, criticalBurst: 2_000 },
        defaults: {},
      },
    ],
    channels: [
      { id: 'control-room', kind: 'webhook', name: { en: 'Control room' }, address: 'https://room.unit.example/hook' },
    ],
    silences: [],
    timing: defaultTiming,
    ...over,
  };
}

/** Makes `document` the live configuration of an empty database; answers its version. Tables of sites and people stay empty: see applyConfig. */
export async function makeLive(pool: Pool, document: ConfigDocument = exampleConfig()): Promise<string> {
  const { id, name, timeZone } = document.agency;
  await pool.query('INSERT INTO agency (id, name, time_zone) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    id,
    JSON.stringify(name),
    timeZone,
  ]);
  const text = JSON.stringify(document);
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO config_version (agency_id, document, hash, state, applied_by) VALUES ($1, $2, $3, 'effective', 'test') RETURNING id`,
    [id, text, createHash('sha256').update(text).digest()],
  );
  return rows[0]?.id ?? '';
}

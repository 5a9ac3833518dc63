import type {
  ChannelConfig,
  Grant,
  OverrideConfig,
  PersonConfig,
  PolicyConfig,
  PolicyStep,
  RotationConfig,
  RouteConfig,
  ScheduleConfig,
  SilenceConfig,
  SiteConfig,
  SourceConfig,
  TeamConfig,
  Text3,
  TimingConfig,
} from '@tocsin/domain';
import { channels, roles, severities } from '@tocsin/domain';
import {
  type Decoder,
  list,
  needed,
  number,
  oneOf,
  optional,
  record,
  reference,
  slug,
  text,
  yesOrNo,
} from './read-config-fields.js';
import type { Located } from './read-config-yaml.js';
import {
  address,
  category,
  instant,
  localTime,
  routeMatch,
  scope,
  seconds,
  target,
  text3,
  timeWindow,
  timeZone,
} from './read-config-values.js';

/** A person as files know him: the UUID is given on first apply. */
export type PersonInFiles = Omit<PersonConfig, 'id'>;
export interface UnitInFiles {
  readonly id: string;
  readonly name: Text3;
  readonly timeZone: string;
  readonly timing: Partial<TimingConfig>;
}
/** A schedule without a zone of its own takes the unit's. */
export type ScheduleInFiles = Omit<ScheduleConfig, 'timeZone'> & { readonly timeZone?: string };

const delay = number({ min: 1, max: 86_400, whole: true });
const timing = record<Partial<TimingConfig>>({
  reAlertAfterS: optional(delay),
  reopenWithinS: optional(delay),
  takenIdleCriticalS: optional(delay),
  takenIdleS: optional(delay),
  exhaustedAfterS: optional(delay),
  repeatExhaustedS: optional(delay),
  responsePagesS: optional(list(seconds, { min: 1, max: 10 })),
  responseNoAnswerS: optional(delay),
  lateAfterS: optional(delay),
  idleLateAfterS: optional(delay),
});

export const unit: Decoder<UnitInFiles> = record<UnitInFiles>({
  id: needed(slug),
  name: needed(text3),
  timeZone: needed(timeZone),
  timing: optional(timing, {}),
});

export const site: Decoder<SiteConfig> = record<SiteConfig>({
  id: needed(slug),
  code: needed(text({ max: 16 })),
  name: needed(text3),
  groups: optional(list(slug), []),
  zones: optional(list(record<SiteConfig['zones'][number]>({ id: needed(slug), name: needed(text3) })), []),
  location: optional(
    record<NonNullable<SiteConfig['location']>>({
      lat: needed(number({ min: -90, max: 90 })),
      lon: needed(number({ min: -180, max: 180 })),
    }),
  ),
  timeZone: optional(timeZone),
});

export const team: Decoder<TeamConfig> = record<TeamConfig>({
  id: needed(slug),
  name: needed(text3),
  members: needed(list(reference('person'), { min: 1 })),
  schedule: optional(reference('schedule')),
});

const contact = record<PersonConfig['contacts'][number]>({
  channel: needed(oneOf(channels)),
  address: optional(address),
  afterS: optional(seconds),
});
const person = record<Omit<PersonInFiles, 'slug'> & { id: string }>({
  id: needed(slug),
  name: needed(text3),
  username: optional(
    text({ max: 64, pattern: /^[a-z0-9][a-z0-9._-]*$/, what: 'a username (small letters, digits, - _ .)' }),
  ),
  language: optional(oneOf(['en', 'ur', 'zh']), 'en' as const),
  grants: optional(list(record<Grant>({ role: needed(oneOf(roles)), scope: needed(scope) })), []),
  contacts: optional(list(contact, { max: 10 }), []),
  test: optional(yesOrNo),
});
export const personInFiles: Decoder<PersonInFiles> = (value, gathered) => {
  const read = person(value, gathered);
  if (read === undefined) return undefined;
  const { id, ...rest } = read;
  return gathered.keep({ slug: id, ...rest }, value.at, fieldsOf(value));
};

const rotation = record<RotationConfig>({
  id: needed(slug),
  people: needed(list(reference('person'), { min: 1 })),
  startsAt: needed(localTime),
  turn: needed(
    record<RotationConfig['turn']>({
      unit: needed(oneOf(['hour', 'day', 'week'])),
      count: needed(number({ min: 1, max: 1_000, whole: true })),
    }),
  ),
  windows: optional(list(timeWindow, { min: 1 }), []),
});
const override = record<OverrideConfig>({
  id: needed(slug),
  person: needed(reference('person')),
  replaces: optional(reference('person')),
  from: needed(instant),
  to: needed(instant),
});
export const schedule: Decoder<ScheduleInFiles> = record<ScheduleInFiles>({
  id: needed(slug),
  name: needed(text3),
  timeZone: optional(timeZone),
  layers: needed(list(rotation, { min: 1 })),
  overrides: optional(list(override), []),
});

export const policy: Decoder<PolicyConfig> = record<PolicyConfig>({
  id: needed(slug),
  name: needed(text3),
  steps: needed(
    list(record<PolicyStep>({ afterS: needed(seconds), targets: needed(list(target, { min: 1, max: 50 })) }), {
      min: 1,
      max: 30,
    }),
  ),
});

export const route: Decoder<RouteConfig> = record<RouteConfig>({
  id: needed(slug),
  match: needed(routeMatch),
  policy: needed(reference('policy')),
  team: optional(reference('team')),
  autoResolve: optional(yesOrNo),
});

/** Alerts per second that a source may send when its file does not say (decisions.md section 5). */
const budget = record<SourceConfig['budget']>({
  perSecond: optional(number({ min: 1, max: 1_000_000 }), 1_000),
  criticalPerSecond: optional(number({ min: 1, max: 1_000_000 }), 500),
  criticalBurst: optional(number({ min: 1, max: 1_000_000 }), 2_000),
});
export const source: Decoder<SourceConfig> = record<SourceConfig>({
  id: needed(slug),
  name: needed(text3),
  protocol: needed(oneOf(['http', 'alertmanager'])),
  scope: needed(list(scope, { min: 1 })),
  budget: optional(budget, { perSecond: 1_000, criticalPerSecond: 500, criticalBurst: 2_000 }),
  defaults: optional(
    record<SourceConfig['defaults']>({
      site: optional(reference('site')),
      category: optional(category),
      severity: optional(oneOf(severities)),
    }),
    {},
  ),
});

const channelFields = record<Omit<ChannelConfig, 'kind'> & { type: ChannelConfig['kind'] }>({
  id: needed(slug),
  type: needed(oneOf(['webhook', 'email'])),
  name: needed(text3),
  address: needed(text({ max: 2_048 })),
});
export const channel: Decoder<ChannelConfig> = (value, gathered) => {
  const read = channelFields(value, gathered);
  return (
    read &&
    gathered.keep({ id: read.id, kind: read.type, name: read.name, address: read.address }, value.at, fieldsOf(value))
  );
};

const fieldsOf = (value: Located) => (value.is === 'map' ? value.fields : undefined);

export const silence: Decoder<SilenceConfig> = record<SilenceConfig>({
  id: needed(slug),
  match: needed(routeMatch),
  from: needed(instant),
  to: needed(instant),
  comment: needed(text()),
});

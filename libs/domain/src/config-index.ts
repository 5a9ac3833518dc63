import type {
  ChannelConfig,
  ConfigDocument,
  PersonConfig,
  PolicyConfig,
  ScheduleConfig,
  SilenceConfig,
  SiteConfig,
  TeamConfig,
  TimingConfig,
} from './config-document.js';
import { parseInstant } from './instant-text.js';
import type { Instant } from './words.js';

/** A document as the rules ask it: by id. Documents are immutable, so this is made once per document. */
export interface ConfigIndex {
  readonly sites: ReadonlyMap<string, SiteConfig>;
  readonly teams: ReadonlyMap<string, TeamConfig>;
  readonly peopleBySlug: ReadonlyMap<string, PersonConfig>;
  readonly peopleById: ReadonlyMap<string, PersonConfig>;
  readonly schedules: ReadonlyMap<string, ScheduleConfig>;
  readonly policies: ReadonlyMap<string, PolicyConfig>;
  readonly channels: ReadonlyMap<string, ChannelConfig>;
  readonly silences: readonly TimedSilence[];
  readonly timing: TimingConfig;
}

/** Half-open [from, to). */
export interface TimedSilence {
  readonly silence: SilenceConfig;
  readonly from: Instant;
  readonly to: Instant;
}

const indexes = new WeakMap<ConfigDocument, ConfigIndex>();

/** Pure memo by the document's identity: keep one object per configuration version. */
export function indexOf(config: ConfigDocument): ConfigIndex {
  let index = indexes.get(config);
  if (index === undefined) {
    index = makeIndex(config);
    indexes.set(config, index);
  }
  return index;
}

function makeIndex(config: ConfigDocument): ConfigIndex {
  return {
    sites: byId(config.sites),
    teams: byId(config.teams),
    peopleBySlug: new Map(config.people.map((person) => [person.slug, person])),
    peopleById: byId(config.people),
    schedules: byId(config.schedules),
    policies: byId(config.policies),
    channels: byId(config.channels),
    silences: config.silences.flatMap((silence) => {
      const from = parseInstant(silence.from);
      const to = parseInstant(silence.to);
      // A silence without sound bounds silences nothing: paging fails open.
      return from === null || to === null ? [] : [{ silence, from, to }];
    }),
    timing: config.timing,
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

/** A person by id (UUID) or slug. */
export function findPerson(config: ConfigDocument, idOrSlug: string): PersonConfig | undefined {
  const index = indexOf(config);
  return index.peopleById.get(idOrSlug) ?? index.peopleBySlug.get(idOrSlug);
}

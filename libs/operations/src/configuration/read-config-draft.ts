import type {
  ChannelConfig,
  PolicyConfig,
  RouteConfig,
  SilenceConfig,
  SiteConfig,
  SourceConfig,
  TeamConfig,
} from '@tocsin/domain';
import { type Decoder, Gathered, suggestion, within } from './read-config-fields.js';
import { type ConfigFolder, textOf } from './read-config-folder.js';
import * as kinds from './read-config-kinds.js';
import { type LocatedMap, type Place, readYaml } from './read-config-yaml.js';

/** The folder as read, before it is checked as a whole. Only documents without a fault of their own are in it. */
export interface Draft {
  readonly units: readonly kinds.UnitInFiles[];
  readonly sites: readonly SiteConfig[];
  readonly teams: readonly TeamConfig[];
  readonly people: readonly kinds.PersonInFiles[];
  readonly schedules: readonly kinds.ScheduleInFiles[];
  readonly policies: readonly PolicyConfig[];
  readonly routes: readonly RouteConfig[];
  readonly sources: readonly SourceConfig[];
  readonly channels: readonly ChannelConfig[];
  readonly silences: readonly SilenceConfig[];
  /** Every id that stands in the folder, faulty documents included: one fault must not look like twenty. */
  readonly declared: readonly Declared[];
  /** Some document could not be parsed or has no known kind: what it declares is unknown, so that nobody can say what is missing. */
  readonly torn: boolean;
  readonly gathered: Gathered;
}
export interface Declared {
  readonly kind: KindName;
  readonly id: string;
  readonly at: Place;
  readonly document: LocatedMap;
}

const decoders = {
  Unit: kinds.unit,
  Site: kinds.site,
  Team: kinds.team,
  Person: kinds.personInFiles,
  Schedule: kinds.schedule,
  Policy: kinds.policy,
  Route: kinds.route,
  Source: kinds.source,
  Channel: kinds.channel,
  Silence: kinds.silence,
} satisfies Record<string, Decoder<object>>;
export type KindName = keyof typeof decoders;
const kindNames = Object.keys(decoders) as KindName[];

/** Reads all documents of a folder; every fault is in `gathered.issues`. */
export function readDraft(folder: ConfigFolder): Draft {
  const gathered = new Gathered();
  gathered.issues.push(...folder.issues);
  const documents: LocatedMap[] = [];
  for (const file of folder.files) {
    const text = textOf(file);
    if (text === undefined) {
      gathered.refuse({ file: file.path, line: 1, field: '' }, 'is not UTF-8 text');
      continue;
    }
    const read = readYaml(file.path, text);
    gathered.issues.push(...read.issues);
    documents.push(...read.documents);
  }
  return decodeAll(documents, gathered);
}

function decodeAll(documents: readonly LocatedMap[], gathered: Gathered): Draft {
  let torn = gathered.issues.length > 0;
  const found: Record<KindName, object[]> = {
    Unit: [],
    Site: [],
    Team: [],
    Person: [],
    Schedule: [],
    Policy: [],
    Route: [],
    Source: [],
    Channel: [],
    Silence: [],
  };
  const declared: Declared[] = [];
  for (const document of documents) {
    const kind = kindOf(document, gathered);
    if (kind === undefined) {
      torn = true;
      continue;
    }
    const id = document.fields.get('id')?.value;
    if (id?.is === 'scalar' && typeof id.value === 'string') declared.push({ kind, id: id.value, at: id.at, document });
    const decoded = (decoders[kind] as Decoder<object>)(withoutKind(document), gathered);
    if (decoded !== undefined) found[kind].push(decoded);
  }
  return {
    units: found.Unit as kinds.UnitInFiles[],
    sites: found.Site as SiteConfig[],
    teams: found.Team as TeamConfig[],
    people: found.Person as kinds.PersonInFiles[],
    schedules: found.Schedule as kinds.ScheduleInFiles[],
    policies: found.Policy as PolicyConfig[],
    routes: found.Route as RouteConfig[],
    sources: found.Source as SourceConfig[],
    channels: found.Channel as ChannelConfig[],
    silences: found.Silence as SilenceConfig[],
    declared,
    torn,
    gathered,
  };
}

function kindOf(document: LocatedMap, gathered: Gathered): KindName | undefined {
  const kind = document.fields.get('kind')?.value;
  if (kind === undefined)
    return gathered.refuse(within(document.at, 'kind'), `is missing: one of ${kindNames.join(', ')}`);
  const name = kind.is === 'scalar' ? kind.value : undefined;
  if (kindNames.includes(name as KindName)) return name as KindName;
  return gathered.refuse(
    kind.at,
    `must be one of ${kindNames.join(', ')}, not ${JSON.stringify(name)}${suggestion(String(name), kindNames)}`,
  );
}

function withoutKind(document: LocatedMap): LocatedMap {
  const fields = new Map(document.fields);
  fields.delete('kind');
  return { ...document, fields };
}

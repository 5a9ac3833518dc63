import type { Category, ChannelKind, Reality, Role, Severity, Text3 } from './words.js';

/**
 * The unit's configuration as one immutable document (a `config_version` row). The domain reads only this;
 * tables of sites, teams and people are projections for keys and screens. Ids of sites, teams, schedules,
 * policies, routes, sources, channels and silences are YAML slugs; a person's `id` is a UUID given on first apply.
 */
export interface ConfigDocument {
  readonly agency: { readonly id: string; readonly name: Text3; readonly timeZone: string };
  readonly sites: readonly SiteConfig[];
  readonly teams: readonly TeamConfig[];
  readonly people: readonly PersonConfig[];
  readonly schedules: readonly ScheduleConfig[];
  readonly policies: readonly PolicyConfig[];
  /** Ordered; the first that matches wins. The last has an empty `match` (the catch-all) and no `continue`. */
  readonly routes: readonly RouteConfig[];
  readonly sources: readonly SourceConfig[];
  readonly channels: readonly ChannelConfig[];
  readonly silences: readonly SilenceConfig[];
  readonly timing: TimingConfig;
}

/** Times of the rules, in seconds. Defaults in `defaultTiming`. */
export interface TimingConfig {
  readonly reAlertAfterS: number; // 900
  readonly reopenWithinS: number; // 600
  readonly takenIdleCriticalS: number; // 60
  readonly takenIdleS: number; // 300
  readonly exhaustedAfterS: number; // 60
  readonly repeatExhaustedS: number; // 300
  readonly responsePagesS: readonly number[]; // [0, 60, 120]
  readonly responseNoAnswerS: number; // 180
  readonly lateAfterS: number; // 2: a step fired later than this is recorded as late
  readonly idleLateAfterS: number; // 10
}

export interface SiteConfig {
  readonly id: string;
  readonly code: string; // "07": what radio says
  readonly name: Text3;
  readonly groups: readonly string[];
  readonly zones: readonly { readonly id: string; readonly name: Text3 }[];
  readonly location?: { readonly lat: number; readonly lon: number };
  readonly timeZone?: string;
}

export interface TeamConfig {
  readonly id: string;
  readonly name: Text3;
  readonly members: readonly string[]; // person slugs
  /** Who of the team is on duty; without one every member is. */
  readonly schedule?: string;
}

export interface Grant {
  readonly role: Role;
  readonly scope: Scope;
}
export type Scope =
  | { readonly kind: 'unit' }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'site'; readonly id: string };

export interface PersonConfig {
  readonly slug: string;
  readonly id: string;
  readonly name: Text3;
  readonly username?: string;
  readonly language: 'en' | 'ur' | 'zh';
  readonly grants: readonly Grant[];
  /** In the order in which they are tried. `push` needs no address: subscriptions are made by the phone. */
  readonly contacts: readonly { readonly channel: ChannelKind; readonly address?: string; readonly afterS?: number }[];
  /** A test contact is paged for alerts of reality `test`; the others are not. */
  readonly test?: boolean;
}

export interface ScheduleConfig {
  readonly id: string;
  readonly name: Text3;
  readonly timeZone: string;
  readonly layers: readonly RotationConfig[]; // a later layer lies over an earlier one
  readonly overrides: readonly OverrideConfig[]; // over all layers
}
export interface RotationConfig {
  readonly id: string;
  readonly people: readonly string[]; // person slugs, in turn
  readonly startsAt: string; // local date-time in the schedule's zone: "2026-01-05T07:00"
  readonly turn: { readonly unit: 'hour' | 'day' | 'week'; readonly count: number };
  /** Local windows in which this layer is on; always when empty. Day 1 = Monday. `to` <= `from` crosses midnight. */
  readonly windows: readonly TimeWindow[];
}
export interface TimeWindow {
  readonly days: readonly number[];
  readonly from: string; // "19:00"
  readonly to: string; // "07:00"
}
export interface OverrideConfig {
  readonly id: string;
  readonly person: string; // slug
  readonly replaces?: string; // slug; without it the person is on in place of whoever is
  readonly from: string; // RFC 3339 with offset
  readonly to: string;
}

export type Target =
  | { readonly kind: 'person'; readonly id: string } // slug
  | { readonly kind: 'schedule'; readonly id: string }
  | { readonly kind: 'team'; readonly id: string } // on-duty members
  | { readonly kind: 'channel'; readonly id: string }; // a ChannelConfig: paged without pace

export interface PolicyStep {
  /** Seconds after the run's start. Strictly rising over the steps; the first is usually 0. */
  readonly afterS: number;
  readonly targets: readonly Target[];
}
export interface PolicyConfig {
  readonly id: string;
  readonly name: Text3;
  readonly steps: readonly PolicyStep[];
}

export interface RouteConfig {
  readonly id: string;
  readonly match: RouteMatch;
  readonly policy: string;
  readonly team?: string;
  readonly autoResolve?: boolean;
}
export interface RouteMatch {
  readonly sites?: readonly string[];
  readonly groups?: readonly string[];
  readonly zones?: readonly string[];
  readonly severities?: readonly Severity[];
  readonly categories?: readonly Category[];
  readonly realities?: readonly Reality[];
  readonly sources?: readonly string[];
  /** Label name -> glob (`*` and `?` only). Compiled outside the domain: `facts.matches(pattern, text)`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** In the site's time zone. */
  readonly windows?: readonly TimeWindow[];
}

export interface SourceConfig {
  readonly id: string;
  readonly name: Text3;
  readonly protocol: 'http' | 'alertmanager' | 'system';
  readonly scope: readonly Scope[];
  /** Alerts per second; criticals have their own bucket. */
  readonly budget: { readonly perSecond: number; readonly criticalPerSecond: number; readonly criticalBurst: number };
  /** What an alert gets that does not name it (Alertmanager alerts often lack a site). */
  readonly defaults: { readonly site?: string; readonly category?: Category; readonly severity?: Severity };
}

export interface ChannelConfig {
  readonly id: string;
  readonly kind: 'webhook' | 'email';
  readonly name: Text3;
  /** webhook: https URL (http only to hosts of `allowHosts`); email: address. */
  readonly address: string;
}

export interface SilenceConfig {
  readonly id: string;
  readonly match: RouteMatch;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
}

export const defaultTiming: TimingConfig = {
  reAlertAfterS: 900,
  reopenWithinS: 600,
  takenIdleCriticalS: 60,
  takenIdleS: 300,
  exhaustedAfterS: 60,
  repeatExhaustedS: 300,
  responsePagesS: [0, 60, 120],
  responseNoAnswerS: 180,
  lateAfterS: 2,
  idleLateAfterS: 10,
};

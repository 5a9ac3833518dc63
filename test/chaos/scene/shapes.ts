import type { Severity } from '../history/records';

/** How large the unit of a run is, and how patient. */
export interface Setting {
  /** Of each of the three groups; at most 33. */
  readonly sites: number;
  /** When the steps of a usual ladder are due; a vault and life safety page at once, then at the first two of these. */
  readonly stepsS: readonly [number, number, number];
}

/**
 * The unit that a run plays in, told twice from one place: as YAML for the service, and as this for the checker's
 * oracles, which look things up in it by a table walk of their own.
 */
export interface Scene {
  readonly sites: readonly { readonly id: string; readonly zones: readonly string[] }[];
  readonly people: readonly ScenePerson[];
  readonly teams: readonly { readonly id: string; readonly members: readonly string[] }[];
  /** In order; the first that matches counts. The last one matches everything. */
  readonly routes: readonly SceneRoute[];
  readonly policies: readonly ScenePolicy[];
  /** Places, rather than people, that policies page. */
  readonly channels: readonly {
    readonly id: string;
    readonly channel: 'webhook' | 'email';
    readonly address: string;
  }[];
  /** Who may send alerts; each for the whole unit. */
  readonly sources: readonly { readonly id: string; readonly protocol: 'http' | 'alertmanager' }[];
  /** A word per site that stands in the text of all its alerts: seen by nobody whose scope is other sites. */
  readonly canaries: Readonly<Record<string, string>>;
  readonly timing: {
    readonly takenIdleCriticalS: number;
    readonly takenIdleS: number;
    readonly exhaustedAfterS: number;
    readonly exhaustedRepeatS: number;
    readonly reopenWithinS: number;
    readonly responsePagesS: readonly number[];
    readonly responseNoAnswerS: number;
  };
  /** Grouping as configured: categories whose group has source and zone as well. */
  readonly zonedCategories: readonly string[];
}

export interface ScenePerson {
  /** Slug of the YAML; on the wire a person is a UUID: `Scene` of a run has both. */
  readonly slug: string;
  readonly id: string | null;
  readonly role: string;
  /** Sites in scope; null = all. */
  readonly scope: readonly string[] | null;
  /**
   * Tried in their order; the next one after `afterS` seconds without a proof of arrival. `address` is what a PageRecord
   * has as its target: a mail address, or the path at the sink.
   */
  readonly contacts: readonly {
    readonly channel: 'webhook' | 'email' | 'push';
    readonly address: string;
    readonly afterS: number;
  }[];
}

export interface SceneRoute {
  readonly id: string;
  readonly sites: readonly string[] | null;
  readonly severities: readonly Severity[] | null;
  readonly categories: readonly string[] | null;
  readonly policy: string;
  readonly team: string | null;
  /** The incident resolves itself when none of its alerts fires any more. */
  readonly autoResolve: boolean;
}

export interface ScenePolicy {
  readonly id: string;
  readonly steps: readonly {
    readonly afterS: number;
    readonly targets: readonly { readonly kind: 'person' | 'team' | 'rotation' | 'channel'; readonly id: string }[];
  }[];
}

import type { Severity } from '../history/records';

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
  readonly timing: {
    readonly takenIdleCriticalS: number;
    readonly takenIdleS: number;
    readonly exhaustedAfterS: number;
    readonly exhaustedRepeatS: number;
    readonly reopenWithinS: number;
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
  readonly contacts: readonly { readonly channel: 'webhook' | 'email' | 'push'; readonly address: string }[];
}

export interface SceneRoute {
  readonly id: string;
  readonly sites: readonly string[] | null;
  readonly severities: readonly Severity[] | null;
  readonly categories: readonly string[] | null;
  readonly policy: string;
  readonly team: string | null;
}

export interface ScenePolicy {
  readonly id: string;
  readonly steps: readonly {
    readonly afterS: number;
    readonly targets: readonly { readonly kind: 'person' | 'team' | 'rotation' | 'channel'; readonly id: string }[];
  }[];
}

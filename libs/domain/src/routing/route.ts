import type { Facts, RunPlan } from '../aggregate.js';
import type { RouteConfig } from '../config-document.js';
import { indexOf } from '../config-index.js';
import type { Miss, Subject } from './match.js';
import { failingField, missOf } from './match.js';
import { because } from '../reason.js';
import type { Instant, Reason } from '../words.js';

export interface Routed {
  /** Slug of the route; `unrouted` when the document has none that matches. */
  readonly route: string;
  readonly policy: string;
  readonly team: string | null;
  readonly autoResolve: boolean;
  /** `route-matched`, `route-catch-all`, or loud: `route-unknown-site`, `route-unrouted`, `route-unknown-policy`. */
  readonly reason: Reason;
}

export interface RouteTraceEntry {
  readonly route: string;
  readonly matched: boolean;
  /** Why not: the first field that differs. */
  readonly miss: Miss | null;
}

type RouteFacts = Pick<Facts, 'config' | 'matches'>;

/** The built-in source of the product's own faults: they belong to no site. */
const systemSource = 'system';

const loud: ReadonlySet<string> = new Set(['route-unknown-site', 'route-unrouted', 'route-unknown-policy']);

/** Must somebody be told that this was not routed as meant? (SYS) */
export function isUnrouted(routed: Routed): boolean {
  return loud.has(routed.reason.code);
}

/** First match wins. Always an answer: without any match the first policy of the document, loudly. */
export function findRoute(subject: Subject, facts: RouteFacts, at: Instant): Routed {
  for (const route of facts.config.routes) {
    if (failingField(route.match, subject, facts, at) === null) return routedBy(route, subject, facts);
  }
  const policy = facts.config.policies[0]?.id ?? 'none';
  return { route: 'unrouted', policy, team: null, autoResolve: false, reason: because('route-unrouted', { policy }) };
}

/** As `findRoute`, with the reason of every match and miss up to the route that was taken (explain). */
export function route(
  subject: Subject,
  facts: RouteFacts,
  at: Instant,
): Routed & { readonly trace: readonly RouteTraceEntry[] } {
  const trace: RouteTraceEntry[] = [];
  for (const candidate of facts.config.routes) {
    const miss = missOf(candidate.match, subject, facts, at);
    trace.push({ route: candidate.id, matched: miss === null, miss });
    if (miss === null) break;
  }
  return { ...findRoute(subject, facts, at), trace };
}

/** The last route: it takes what no other took, and what nothing may be read of (a poisoned alert). */
export function catchAll(facts: RouteFacts): Routed {
  const last = facts.config.routes.at(-1);
  const policy = last?.policy ?? facts.config.policies[0]?.id ?? 'none';
  return {
    route: last?.id ?? 'unrouted',
    policy,
    team: last?.team ?? null,
    autoResolve: false,
    reason: because('route-catch-all', { route: last?.id ?? 'unrouted', policy }),
  };
}

function routedBy(route: RouteConfig, subject: Subject, facts: RouteFacts): Routed {
  const { sites, policies } = indexOf(facts.config);
  const params = { route: route.id, policy: route.policy };
  const unknownSite = subject.source !== systemSource && (subject.site === null || !sites.has(subject.site));
  const reason = !policies.has(route.policy)
    ? because('route-unknown-policy', params)
    : unknownSite
      ? because('route-unknown-site', { ...params, site: subject.site })
      : because(Object.keys(route.match).length === 0 ? 'route-catch-all' : 'route-matched', params);
  return {
    route: route.id,
    policy: route.policy,
    team: route.team ?? null,
    autoResolve: route.autoResolve === true,
    reason,
  };
}

/** What a run keeps for life: the route's policy as it stands now. An unknown policy has no steps, and is exhausted soon. */
export function planOf(routed: Routed, facts: RouteFacts): RunPlan {
  const steps = indexOf(facts.config).policies.get(routed.policy)?.steps ?? [];
  return { route: routed.route, policy: routed.policy, team: routed.team, steps };
}

import {
  type AlertItem,
  type AlertSignal,
  type Category,
  type ConfigDocument,
  decide,
  type Effect,
  type Facts,
  findPerson,
  type Instant,
  indexOf,
  instantText,
  normaliseAlert,
  openIncident,
  type Reality,
  type Reason,
  type RouteTraceEntry,
  resolveTargets,
  route,
  rungOf,
  type Severity,
  type Target,
  type Timer,
} from '@tocsin/domain';
import { factsOf } from '../context.js';

export interface Explanation {
  readonly configVersion: string;
  readonly at: string;
  /** The alert as the rules see it, with what was filled in. */
  readonly alert: {
    readonly site: string | null;
    readonly zone: string | null;
    readonly category: Category;
    readonly severity: Severity;
    readonly reality: Reality;
  };
  readonly route: {
    readonly route: string;
    readonly policy: string;
    readonly team: string | null;
    readonly autoResolve: boolean;
    readonly reason: Reason;
    /** Every route that was asked, in order, with the first field that did not fit. */
    readonly trace: readonly RouteTraceEntry[];
  };
  /** In the order of time, as long as nobody does anything. */
  readonly moments: readonly Moment[];
}
export interface Moment {
  readonly at: string;
  readonly afterS: number;
  /** `step`, `exhaustion` or `repeat`. */
  readonly kind: string;
  readonly step: number;
  readonly targets: readonly { readonly target: Target; readonly people: readonly string[]; readonly reason: Reason }[];
  readonly pages: readonly ExplainedPage[];
}
export interface ExplainedPage {
  readonly target: { readonly kind: 'person' | 'channel'; readonly id: string; readonly name: string };
  /** Tried in this order; `afterS` seconds without a proof of arrival, then the next. */
  readonly channels: readonly { readonly channel: string; readonly afterS: number | null }[];
  /** Set when the page would be recorded and not sent. */
  readonly suppressed?: Reason;
}

type Notification = Extract<Effect, { kind: 'notify' }>['notification'];

/** Half an hour shows every ladder to its end and the repeats behind it. */
const defaultHorizonS = 1_800;
const most = 100;

/**
 * Who would be paged for this alert, by which channels, minute by minute, if nobody acknowledged: the rules that page
 * people, run over virtual time. Pure: stores nothing, sends nothing. A resolve is explained as if it fired.
 */
export function explainAlert(
  live: { readonly version: string; readonly document: ConfigDocument },
  item: AlertItem,
  options: { readonly at: Instant; readonly source?: string; readonly horizonS?: number },
): Explanation {
  const facts = factsOf(live);
  const { at } = options;
  const signal = signalOf(live.document, item, options);
  const routed = route(signal, facts, at);
  return {
    configVersion: live.version,
    at: instantText(at),
    alert: {
      site: signal.site,
      zone: signal.zone,
      category: signal.category,
      severity: signal.severity,
      reality: signal.reality,
    },
    route: routed,
    moments:
      signal.severity === 'info' ? [] : play(signal, facts, at, (options.horizonS ?? defaultHorizonS) * 1_000_000),
  };
}

function signalOf(
  config: ConfigDocument,
  item: AlertItem,
  { at, source }: { at: Instant; source?: string },
): AlertSignal {
  const from = config.sources.find(({ id }) => id === source);
  const { site, zone, category, severity, reality, title, labels, key } = normaliseAlert(item, from?.defaults ?? {});
  const principal = { kind: 'source' as const, id: source ?? 'explain' };
  return {
    alertId: 'explained',
    key,
    principal,
    source: source ?? null,
    site,
    zone,
    category,
    severity,
    reality,
    title,
    labels,
    acceptedAt: at,
    count: 1,
    firing: true,
  };
}

function play(signal: AlertSignal, facts: Facts, at: Instant, horizon: number): Moment[] {
  const moments: Moment[] = [];
  let decision = decide(openIncident(signal, null, facts, at), { kind: 'alert', signal }, facts, at);
  while (decision.ok && moments.length < most) {
    const aggregate = decision.next;
    const [timer] = [...aggregate.timers].sort((a, b) => a.dueAt - b.dueAt);
    if (timer === undefined || timer.dueAt > at + horizon) break;
    decision = decide(aggregate, { kind: 'timer', timer }, facts, timer.dueAt);
    if (!decision.ok) break;
    const run = decision.next.runs.find(({ id }) => id === timer.runId);
    const step = timer.kind === 'step' ? timer.ordinal : (run?.step ?? 0);
    const targets = timer.kind === 'exhaustion' ? [] : (run?.plan.steps[step - 1]?.targets ?? []);
    moments.push(momentOf(timer, { step, targets, at, effects: decision.effects }, facts));
  }
  return moments;
}

interface Fired {
  readonly step: number;
  readonly targets: readonly Target[];
  /** When the alert was accepted. */
  readonly at: Instant;
  readonly effects: readonly Effect[];
}

function momentOf(timer: Timer, { step, targets, at, effects }: Fired, facts: Facts): Moment {
  return {
    at: instantText(timer.dueAt),
    afterS: Math.round((timer.dueAt - at) / 1_000_000),
    kind: timer.kind,
    step,
    targets: targets.map((target) => {
      const { targets: found, reason } = resolveTargets(target, facts, timer.dueAt);
      return { target, people: found.map((one) => (one.kind === 'person' ? one.person.slug : one.id)), reason };
    }),
    pages: effects.flatMap((effect) => (effect.kind === 'notify' ? [pageOf(effect.notification, facts)] : [])),
  };
}

function pageOf(notification: Notification, facts: Facts): ExplainedPage {
  const { kind, id } = notification.target;
  const suppressed = notification.suppressed === undefined ? {} : { suppressed: notification.suppressed };
  const person = kind === 'person' ? findPerson(facts.config, id) : undefined;
  if (person === undefined) {
    const name = indexOf(facts.config).channels.get(id)?.name.en ?? id;
    return { target: { kind, id, name }, channels: [{ channel: notification.channel, afterS: null }], ...suppressed };
  }
  const rungs = person.contacts.map((_, rung) => rungOf(person, rung)).filter((rung) => rung !== null);
  const channels = rungs.slice(notification.rung).map(({ channel, afterS }) => ({ channel, afterS }));
  return { target: { kind, id: person.slug, name: person.name.en }, channels, ...suppressed };
}

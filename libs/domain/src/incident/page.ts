import type { Run } from '../aggregate.js';
import type { Draft, Page, Said } from './draft.js';
import { emit, patchRun } from './draft.js';
import { instantText } from '../instant-text.js';
import { failingField } from '../routing/match.js';
import { because } from '../reason.js';
import type { ResolvedTarget } from '../paging/resolve-targets.js';
import { resolveTargets } from '../paging/resolve-targets.js';
import { escalationData, subjectOf } from './run.js';
import { isLifeSafety } from '../severity.js';
import type { Instant, Reason } from '../words.js';

export interface StepPage {
  readonly step: number;
  readonly dueAt: Instant;
  readonly late: boolean;
  readonly said: Said;
}

/**
 * Pages a step once: escalation.step with the next free repeat number of (run, step), and one page per target that it
 * means now. Nobody on duty is recorded and raised, never passed over in silence.
 */
export function pageStep(draft: Draft, runId: string, page: StepPage): void {
  const run = draft.runs.find((candidate) => candidate.id === runId);
  if (run === undefined) return;
  const repeat = (run.repeats[page.step] ?? -1) + 1;
  const targets = targetsOf(draft, run, page.step);
  patchRun(draft, run.id, { step: Math.max(run.step, page.step), repeats: withRepeat(run.repeats, page.step, repeat) });
  const data = {
    ...escalationData(run, page.step, repeat),
    dueAt: instantText(page.dueAt),
    ...(page.late ? { late: true } : undefined),
    targets: targets.map(({ kind, id }) => ({ kind, id })),
  };
  emit(draft, 'escalation.step', data, page.said);
  const suppressed = suppressionOf(draft);
  for (const target of targets) {
    addPage(draft, target, {
      runId: run.id,
      kind: 'page',
      step: page.step,
      repeat,
      dueAt: page.dueAt,
      suppressed,
      reason: page.said.reason,
    });
  }
}

/** Highest repeat per step, -1 where none was given. */
function withRepeat(repeats: readonly number[], step: number, repeat: number): readonly number[] {
  const next = [...repeats];
  while (next.length <= step) next.push(-1);
  next[step] = repeat;
  return next;
}

/** Each person and channel once. For reality `test` only people who are test contacts, and no channel. */
function targetsOf(draft: Draft, run: Run, step: number): ResolvedTarget[] {
  const found = new Map<string, ResolvedTarget>();
  let meant = 0;
  for (const target of run.plan.steps[step - 1]?.targets ?? []) {
    for (const resolved of resolveTargets(target, draft.facts, draft.now).targets) {
      meant += 1;
      if (isPaged(draft, resolved)) found.set(`${resolved.kind} ${resolved.id}`, resolved);
    }
  }
  if (meant === 0) {
    raise(draft, 'nobody-on-duty', draft.incident.id, { policy: run.plan.policy, step });
  }
  return [...found.values()];
}

function isPaged(draft: Draft, target: ResolvedTarget): boolean {
  return draft.incident.reality !== 'test' || (target.kind === 'person' && target.person.test === true);
}

/**
 * A fault of the product or of its configuration that somebody must hear of. The product's own incidents raise none about
 * themselves: each would open or join one more of their kind.
 */
export function raise(
  draft: Draft,
  cause: string,
  subject: string,
  params: Readonly<Record<string, string | number>>,
): void {
  if (draft.incident.class === 'system') return;
  // Ten late timers of one outage are one word.
  if (draft.effects.some((effect) => effect.kind === 'sys' && effect.cause === cause && effect.subject === subject))
    return;
  draft.effects.push({ kind: 'sys', cause, subject, params: { incident: draft.incident.id, ...params } });
}

/** Why pages of this incident are recorded but not sent just now; undefined = they are sent. */
export function suppressionOf(draft: Draft): Reason | undefined {
  const { severity, category } = draft.incident;
  if (severity === 'info') return because('info-never-pages');
  if (isLifeSafety(category)) return undefined;
  for (const { silence, from, to } of draft.index.silences) {
    if (
      from <= draft.now &&
      draft.now < to &&
      failingField(silence.match, subjectOf(draft), draft.facts, draft.now) === null
    ) {
      return because('silenced', { silence: silence.id });
    }
  }
  return undefined;
}

type PageAbout = Pick<Page, 'runId' | 'kind' | 'step' | 'repeat' | 'dueAt' | 'suppressed' | 'notice' | 'reason'>;

/** By the first rung of a person's ladder. Somebody without any contact is raised: he cannot be reached. */
export function addPage(draft: Draft, target: ResolvedTarget, about: PageAbout): void {
  const channel = target.kind === 'channel' ? target.channel.kind : target.person.contacts[0]?.channel;
  if (channel === undefined) {
    raise(draft, 'no-contact', target.id, { person: target.id });
    return;
  }
  draft.pages.push({
    ...about,
    target: { kind: target.kind, id: target.id },
    channel,
    rung: 0,
    severity: draft.incident.severity,
  });
}

/**
 * Turns the pages of this decision into notifications and events. With `gather`, of several pages of one run to one
 * target only the last goes out; the others end as `coalesced into <id>` (after an outage, decisions.md section 2).
 */
export function flushPages(draft: Draft, options: { readonly gather: boolean }): void {
  const pages = draft.pages.splice(0).map((page) => ({ page, id: draft.facts.newId() }));
  const lead = new Map<string, string>();
  if (options.gather && pages.length > 1) {
    for (const { page, id } of pages) if (page.suppressed === undefined) lead.set(gatherKey(page), id);
  }
  for (const { page, id } of pages) {
    const into = lead.get(gatherKey(page));
    const suppressed =
      page.suppressed ?? (into === undefined || into === id ? undefined : because('coalesced', { into }));
    notify(draft, page, { id, suppressed });
  }
}

function gatherKey(page: Page): string {
  return `${page.runId} ${page.kind} ${page.target.kind} ${page.target.id} ${page.channel}`;
}

function notify(draft: Draft, page: Page, as: { readonly id: string; readonly suppressed: Reason | undefined }): void {
  const { reason, suppressed: _, ...rest } = page;
  draft.effects.push({
    kind: 'notify',
    notification: { id: as.id, ...rest, ...(as.suppressed === undefined ? undefined : { suppressed: as.suppressed }) },
  });
  const data = {
    notificationId: as.id,
    ...(page.target.kind === 'person' ? { person: page.target.id } : { target: page.target.id }),
    channel: page.channel,
    step: page.step,
    repeat: page.repeat,
    kind: page.kind,
    ...(page.notice === undefined ? undefined : { notice: page.notice }),
  };
  if (as.suppressed === undefined) emit(draft, 'notification.queued', data, { reason });
  else emit(draft, 'notification.suppressed', data, { reason: as.suppressed });
}

/** A word to one person that no run fences: recalled, stood down, taken over, transferred. */
export function notice(draft: Draft, person: string, code: string): void {
  const found = draft.index.peopleById.get(person);
  if (found === undefined || found.contacts.length === 0) return;
  // `version` moves with every act that gives a notice: the number keeps the second stand-down of a person apart.
  const repeat = draft.before.incident.version + 1;
  addPage(
    draft,
    { kind: 'person', id: person, person: found },
    {
      runId: null,
      kind: 'notice',
      step: 0,
      repeat,
      dueAt: draft.now,
      notice: code,
      reason: because('notice', { notice: code }),
      suppressed: undefined,
    },
  );
}

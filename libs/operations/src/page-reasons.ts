import type { DomainEvent, EventType, Reason } from '@tocsin/domain';
import type { PageRow } from '@tocsin/store';

/** Why a page went as it went, by stable code; screens translate by code (see the domain's `reasonTexts`). */
export const pageReasonTexts = {
  'page-sent': 'Sent by {channel}, attempt {attempt}.',
  'page-delivered': 'Arrived by {channel}: {proof}.',
  'page-seen': 'Seen by its reader.',
  'page-refused': '{channel} refused it for good: {code}.',
  'page-given-up': '{channel} did not take it in {attempts} attempts: {code}.',
  'page-no-proof': 'No proof of arrival by {channel} in time.',
  'page-next-way': 'Tried by {channel} now: {from} failed ({code}).',
  'page-arrived-below': 'Arrived by {channel} in the meantime.',
  'page-run-over': 'Paging had ended before it was sent.',
  'page-abandoned': 'Chosen, but not sent in time; waits again.',
} as const;
export type PageReasonCode = keyof typeof pageReasonTexts;

/** A reason with its English text. */
export function pageReason(code: PageReasonCode, params: Reason['params'] = {}): Reason {
  return { code, params, text: pageReasonTexts[code].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '-')) };
}

const notifier = { kind: 'system', id: 'notifier' } as const;

export interface PageEvent {
  readonly page: PageRow;
  readonly type: Extract<EventType, `notification.${string}`>;
  readonly reason: Reason;
  readonly deliveryId?: string | null;
  readonly attempt?: number;
}

/** What every `notification.*` event carries (contract.md). */
export function pageEvent({ page, type, reason, deliveryId, attempt }: PageEvent): DomainEvent {
  const data = {
    notificationId: page.id,
    ...(deliveryId ? { deliveryId } : undefined),
    ...(page.target_kind === 'person' ? { person: page.target_id } : { target: page.target_id }),
    channel: page.channel,
    rung: page.rung,
    kind: page.kind,
    ...(page.notice === null ? undefined : { notice: page.notice }),
    step: page.step,
    repeat: page.repeat,
    ...(attempt === undefined ? undefined : { attempt }),
  };
  return { type, data, reason, actor: notifier };
}

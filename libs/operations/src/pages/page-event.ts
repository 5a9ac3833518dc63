import type { DomainEvent, EventType, Reason } from '@tocsin/domain';
import type { PageRow } from '@tocsin/store';

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

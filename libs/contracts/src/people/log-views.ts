import type { Reason } from '@tocsin/domain';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsString, Matches, ValidateNested } from 'class-validator';
import { IsId, MayBeNull } from './field-rules.js';
import { wireInstant } from './incident-view.js';

export class ActorView {
  @IsIn(['person', 'source', 'system']) kind: string;
  @IsString() id: string;
  @IsString() name: string;
}
/** Why; screens render `code` and `params` in the reader's language. */
export class ReasonView implements Reason {
  @IsString() code: string;
  @IsObject() params: Reason['params'];
  /** English. */
  @IsString() text: string;
}

/** One event of a stream, as REST and the socket show it. */
export class EventView {
  /** null outside incidents. */
  @MayBeNull() @IsId() incidentId: string | null;
  @IsId() stream: string;
  /** Gap-free within its stream. */
  @IsInt() seq: number;
  @IsString() type: string;
  @Matches(wireInstant) at: string;
  /** When it happened, if a person said so. */
  @MayBeNull() @Matches(wireInstant) occurredAt: string | null;
  @ValidateNested() @Type(() => ActorView) actor: ActorView;
  @MayBeNull() @IsId() onBehalfOf: string | null;
  /** Null after a redaction, together with `reason`. */
  @MayBeNull() @IsObject() data: Readonly<Record<string, unknown>> | null;
  @MayBeNull() @ValidateNested() @Type(() => ReasonView) reason: Reason | null;
}

export class AttemptView {
  @IsInt() ordinal: number;
  @IsIn(['sending', 'accepted', 'failed', 'unknown', 'abandoned']) state: string;
  @Matches(wireInstant) beganAt: string;
  @MayBeNull() @Matches(wireInstant) endedAt: string | null;
  @MayBeNull() @IsString() code: string | null;
}

/** One notification of an incident and what became of it, in the order in which they were due. */
export class DeliveryView {
  /** The notification's id: what events call `notificationId`. */
  @IsId() id: string;
  @IsIn(['page', 'response', 'notice']) kind: 'page' | 'response' | 'notice';
  @MayBeNull() @IsString() notice: string | null;
  @IsInt() step: number;
  @IsInt() repeat: number;
  /** Person id; null when the target is a channel. */
  @MayBeNull() @IsId() person: string | null;
  /** Channel of the configuration; null when the target is a person. */
  @MayBeNull() @IsString() target: string | null;
  @IsString() channel: string;
  @IsInt() rung: number;
  @IsString() severity: string;
  @IsIn(['waiting', 'sent', 'delivered', 'seen', 'failed', 'suppressed']) state:
    | 'waiting'
    | 'sent'
    | 'delivered'
    | 'seen'
    | 'failed'
    | 'suppressed';
  @MayBeNull() @ValidateNested() @Type(() => ReasonView) reason: Reason | null;
  /** The message that carried it, perhaps together with others. */
  @MayBeNull() @IsId() deliveryId: string | null;
  @MayBeNull() @IsString() deliveryState: string | null;
  /** When it should have left. */
  @Matches(wireInstant) queuedAt: string;
  @MayBeNull() @Matches(wireInstant) sentAt: string | null;
  /** The provider took it; no proof that it arrived. */
  @MayBeNull() @Matches(wireInstant) acceptedAt: string | null;
  @MayBeNull() @Matches(wireInstant) deliveredAt: string | null;
  @MayBeNull() @Matches(wireInstant) seenAt: string | null;
  /** Its one-time code was used. */
  @MayBeNull() @Matches(wireInstant) acknowledgedAt: string | null;
  @MayBeNull() @Matches(wireInstant) failedAt: string | null;
  @Matches(wireInstant) changedAt: string;
  @IsInt() attempt: number;
  @ValidateNested({ each: true }) @Type(() => AttemptView) attempts: readonly AttemptView[];
}

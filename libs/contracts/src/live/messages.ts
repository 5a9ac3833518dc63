import { type Reality, realities } from '@tocsin/domain';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { IsSlug, MayBeAbsent } from '../people/field-rules.js';
import type { IncidentView } from '../people/incident-view.js';
import type { SiteView, TeamView } from '../people/catalogue-views.js';
import type { EventView } from '../people/log-views.js';

export const consoleNamespace = '/console';

/** Only what never changes on a stream; the rest is filtered in the client. */
export class SubscribeFilter {
  @MayBeAbsent() @IsArray() @ArrayMaxSize(500) @IsSlug({ each: true }) sites?: string[];
  @MayBeAbsent() @IsArray() @ArrayMaxSize(3) @IsIn(realities, { each: true }) reality?: Reality[];
}

/** Client -> server `subscribe`; a second one replaces the first. */
export class SubscribeMessage {
  /** The last cursor that the client holds; without one it gets a snapshot. */
  @MayBeAbsent() @IsString() @MaxLength(250_000) after?: string;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => SubscribeFilter) filter?: SubscribeFilter;
}

/** Replaces all that the client holds. */
export interface SnapshotMessage {
  readonly cursor: string;
  readonly snapshot: {
    readonly incidents: readonly IncidentView[];
    readonly teams: readonly TeamView[];
    readonly sites: readonly SiteView[];
  };
}

/** Everything before `cursor` has been sent. Drop the (stream, seq) you hold. */
export interface EventsMessage {
  readonly cursor: string;
  readonly events: readonly EventView[];
  /** The touched incidents as they stand at `cursor`. */
  readonly incidents: readonly IncidentView[];
}

export interface HeartbeatMessage {
  readonly cursor: string;
  readonly at: string;
}

export interface RevokedMessage {
  readonly code: 'session-ended' | 'session-expired' | 'person-inactive' | 'no-rights';
}
export type SubscribeAnswer = SnapshotMessage | EventsMessage | { readonly code: string; readonly message: string };

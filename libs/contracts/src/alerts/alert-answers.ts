import { type AnswerStatus, type Reality, realities, type Severity, severities } from '@tocsin/domain';
import { IsArray, IsIn, IsInt, IsOptional, IsString, IsUUID, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { FieldError } from '../errors.js';
import { IsInstantText } from './alert-rules.js';

/** What became of one alert of a request. `id` is null for a resolve of a key that does not fire (`ignored`). */
export class AlertAnswer {
  @IsOptional() @IsUUID() id: string | null;
  @IsString() key: string;
  @IsIn(['accepted', 'duplicate', 'resolved', 'ignored']) status: AnswerStatus;
}

/** An alert that was refused alone (`Prefer: partial`, 207). */
export interface RefusedAlert {
  readonly key: string | null;
  readonly status: 'refused';
  readonly code: string;
  readonly errors: readonly FieldError[];
}

/** 202 of `POST /v1/alerts`: after COMMIT, in the order of the request. */
export class AlertsAnswer {
  @IsArray() @ValidateNested({ each: true }) @Type(() => AlertAnswer) alerts: AlertAnswer[];
}

/** `GET /v1/alerts/:id`. */
export class AlertView {
  @IsUUID() id: string;
  @IsString() key: string;
  @IsOptional() @IsString() site: string | null;
  @IsOptional() @IsString() zone: string | null;
  @IsString() category: string;
  @IsIn(severities) severity: Severity;
  @IsIn(realities) reality: Reality;
  @IsString() title: string;
  @IsIn(['firing', 'resolved']) status: 'firing' | 'resolved';
  /** Signals of this episode, the first included. */
  @IsInt() @Min(1) count: number;
  /** null: not merged yet, or recorded only (`info` without an incident). */
  @IsOptional() @IsUUID() incidentId: string | null;
  @IsInstantText() acceptedAt: string;
  @IsInstantText() lastSignalAt: string;
  @IsOptional() @IsInstantText() occurredAt: string | null;
  @IsOptional() @IsInstantText() endedAt: string | null;
  @IsOptional() @IsInstantText() mergedAt: string | null;
}

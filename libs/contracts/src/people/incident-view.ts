import {
  type AssignmentState,
  assignmentStates,
  type Category,
  type Condition,
  type Disposition,
  dispositions,
  type IncidentClass,
  type IncidentState,
  incidentStates,
  type Reality,
  realities,
  type Severity,
  severities,
} from '@tocsin/domain';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, IsString, Matches, ValidateNested } from 'class-validator';
import { IsId, MayBeNull } from './field-rules.js';

/** Instants on the wire: UTC with 6 decimals, "2026-11-24T22:39:00.123456Z". */
export const wireInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const IsWireInstant = (): PropertyDecorator => Matches(wireInstant);

export class AssignmentView {
  @IsId() id: string;
  /** Person id. */
  @IsId() person: string;
  @MayBeNull() @IsString() team: string | null;
  @IsIn(assignmentStates) state: AssignmentState;
  /** When it took its present state. */
  @IsWireInstant() at: string;
}

export class EscalationView {
  /** Ordinal of the last fired step; 0 = none yet. */
  @IsInt() step: number;
  @MayBeNull() @IsWireInstant() nextDueAt: string | null;
  @IsIn(['running']) state: 'running';
  @IsString() policy: string;
  @IsInt() steps: number;
  @IsBoolean() exhausted: boolean;
}

/** An incident as every list, act and live frame shows it. */
export class IncidentView {
  @IsId() id: string;
  /** Radio number, "26-00123". */
  @IsString() number: string;
  /** That of its latest event, so that a snapshot joins the stream. */
  @IsInt() seq: number;
  @IsIn(['alarm', 'manual', 'system']) class: IncidentClass;
  @IsString() category: Category;
  @IsIn(realities) reality: Reality;
  @IsIn(incidentStates) state: IncidentState;
  @IsIn(['active', 'normal']) condition: Condition;
  @IsIn(severities) severity: Severity;
  @MayBeNull() @IsString() site: string | null;
  @MayBeNull() @IsString() zone: string | null;
  @MayBeNull() @IsString() source: string | null;
  @MayBeNull() @IsString() team: string | null;
  @MayBeNull() @IsString() route: string | null;
  @IsString() title: string;
  @MayBeNull() @IsString() description: string | null;
  @IsObject() labels: Record<string, string>;
  /** Person id. */
  @MayBeNull() @IsId() owner: string | null;
  /** Moves only with state, owner, severity or assignment; acts may name it as `expectedVersion`. */
  @IsInt() version: number;
  @IsWireInstant() openedAt: string;
  @IsWireInstant() lastSignalAt: string;
  @MayBeNull() @IsWireInstant() acknowledgedAt: string | null;
  @MayBeNull() @IsWireInstant() resolvedAt: string | null;
  @MayBeNull() @IsWireInstant() closedAt: string | null;
  @MayBeNull() @IsIn(dispositions) disposition: Disposition | null;
  @IsInt() alertCount: number;
  @IsInt() firingCount: number;
  /** Its alerting run while that pages; null while it is held, and once it has ended. */
  @MayBeNull() @ValidateNested() @Type(() => EscalationView) escalation: EscalationView | null;
  /** Taken and nobody assigned: when it returns to everybody. */
  @MayBeNull() @IsWireInstant() returnsAt: string | null;
  @ValidateNested({ each: true }) @Type(() => AssignmentView) assignments: AssignmentView[];
}

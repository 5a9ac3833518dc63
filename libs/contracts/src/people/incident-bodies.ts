import { type Category, type Reality, realities, type Severity } from '@tocsin/domain';
import { IsIn, IsObject } from 'class-validator';
import { pagingSeverities } from './act-bodies.js';
import { IsId, IsInstantText, IsPlainText, IsSlug, MayBeAbsent } from './field-rules.js';

/** An incident opened by hand: a phone or radio call. It neither joins another incident nor is joined. */
export class OpenIncidentBody {
  @IsSlug() site: string;
  @IsSlug() category: Category;
  @IsIn(pagingSeverities) severity: Severity;
  @IsPlainText(512) title: string;
  @MayBeAbsent() @IsPlainText(8_000) description?: string;
  @MayBeAbsent() @IsSlug() zone?: string;
  @MayBeAbsent() @IsIn(realities) reality?: Reality;
  /** Who called it in, if a person of the unit did. */
  @MayBeAbsent() @IsId() onBehalfOf?: string;
  @MayBeAbsent() @IsInstantText() occurredAt?: string;
}

/** The alert is written as at intake's door; what is left out is filled as there. */
export class ExplainBody {
  @IsObject() alert: Record<string, unknown>;
  /** Default: now. */
  @MayBeAbsent() @IsInstantText() at?: string;
  @MayBeAbsent() @IsIn(['live', 'draft']) config?: 'live' | 'draft';
}

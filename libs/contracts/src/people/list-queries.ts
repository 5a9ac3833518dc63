import { incidentStates, realities, severities } from '@tocsin/domain';
import { Matches } from 'class-validator';
import { IsId, IsInstantText, IsSlug, MayBeAbsent } from './field-rules.js';

const listOf = (words: readonly string[]): RegExp => new RegExp(`^(${words.join('|')})(,(${words.join('|')}))*$`);

/** Query of GET /v1/incidents. `state`, `severity`, `reality` and `class` take one word or several with commas. */
export class IncidentQuery {
  @MayBeAbsent()
  @Matches(listOf(incidentStates), { message: `$property must be of ${incidentStates.join(', ')}` })
  state?: string;
  @MayBeAbsent() @IsSlug() site?: string;
  @MayBeAbsent()
  @Matches(listOf(severities), { message: `$property must be of ${severities.join(', ')}` })
  severity?: string;
  @MayBeAbsent()
  @Matches(listOf(realities), { message: `$property must be of ${realities.join(', ')}` })
  reality?: string;
  @MayBeAbsent() @Matches(listOf(['alarm', 'manual', 'system'])) class?: string;
  @MayBeAbsent() @IsSlug() team?: string;
  @MayBeAbsent() @IsId() owner?: string;
  /** Radio number, as people say it: `26-00123`. */
  @MayBeAbsent() @Matches(/^[0-9A-Za-z-]{1,32}$/) number?: string;
  /** `next` of the page before. */
  @MayBeAbsent()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: '$property must be the `next` of a page' })
  after?: string;
  @MayBeAbsent() @Matches(/^([1-9]\d{0,2}|1000)$/, { message: '$property must be from 1 to 1000' }) limit?: string;
}

/** Query of GET /v1/incidents/:id/events. */
export class EventQuery {
  @MayBeAbsent() @Matches(/^\d{1,15}$/, { message: '$property must be a whole number' }) afterSeq?: string;
  @MayBeAbsent() @Matches(/^([1-9]\d{0,2}|1000)$/, { message: '$property must be from 1 to 1000' }) limit?: string;
}

/** Lists that come whole; `limit` is accepted and not needed. */
export class WholeListQuery {
  @MayBeAbsent() @Matches(/^([1-9]\d{0,3})$/, { message: '$property must be from 1 to 9999' }) limit?: string;
}

/** Query of GET /v1/schedules: who is on at this instant (default: now). */
export class ScheduleQuery {
  @MayBeAbsent() @IsInstantText() at?: string;
}

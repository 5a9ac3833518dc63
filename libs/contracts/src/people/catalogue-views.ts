import { type AssignmentState, assignmentStates, type Grant, type Role, roles, type Text3 } from '@tocsin/domain';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsNumber, IsObject, IsString, Matches, ValidateNested } from 'class-validator';
import { IsId, MayBeAbsent, MayBeNull } from './field-rules.js';
import { wireInstant } from './incident-view.js';

/** A text of the unit in its languages; `en` is always there. */
export class Text3View implements Text3 {
  @IsString() en: string;
  @MayBeAbsent() @IsString() ur?: string;
  @MayBeAbsent() @IsString() zh?: string;
}

export class ZoneView {
  @IsString() id: string;
  @ValidateNested() @Type(() => Text3View) name: Text3;
}
export class PlaceView {
  @IsNumber() lat: number;
  @IsNumber() lon: number;
}
export class SiteView {
  @IsString() id: string;
  /** What radio says: "07". */
  @IsString() code: string;
  @ValidateNested() @Type(() => Text3View) name: Text3;
  @IsString({ each: true }) groups: readonly string[];
  @ValidateNested({ each: true }) @Type(() => ZoneView) zones: readonly ZoneView[];
  @MayBeNull() @ValidateNested() @Type(() => PlaceView) location: PlaceView | null;
  @IsString() timeZone: string;
}

export class MemberAssignmentView {
  @IsId() id: string;
  @IsId() incidentId: string;
  @IsString() number: string;
  @IsIn(assignmentStates) state: AssignmentState;
  @Matches(wireInstant) at: string;
}
export class TeamMemberView {
  /** Person id. */
  @IsId() id: string;
  @ValidateNested() @Type(() => Text3View) name: Text3;
  @IsBoolean() onDuty: boolean;
  /** The latest active one whose incident the reader may see. */
  @MayBeAbsent() @ValidateNested() @Type(() => MemberAssignmentView) assignment?: MemberAssignmentView;
}
export class TeamView {
  @IsString() id: string;
  @ValidateNested() @Type(() => Text3View) name: Text3;
  @MayBeNull() @IsString() schedule: string | null;
  @ValidateNested({ each: true }) @Type(() => TeamMemberView) members: readonly TeamMemberView[];
}

export class PersonView {
  @IsId() id: string;
  @IsString() slug: string;
  @ValidateNested() @Type(() => Text3View) name: Text3;
  @MayBeNull() @IsString() username: string | null;
}

/** Who asks. */
export class UserView {
  @IsId() id: string;
  @IsString() slug: string;
  @IsString() username: string;
  @ValidateNested() @Type(() => Text3View) name: Text3;
  @IsIn(['en', 'ur', 'zh']) language: 'en' | 'ur' | 'zh';
  @IsIn(roles, { each: true }) roles: readonly Role[];
  @IsArray() @IsObject({ each: true }) grants: readonly Grant[];
  /** Sites that the grants cover; null = the whole unit. */
  @MayBeNull() @IsString({ each: true }) sites: readonly string[] | null;
  /** Acts that some grant allows somewhere; each is checked again where it is done. */
  @IsString({ each: true }) acts: readonly string[];
}
export class SessionView {
  @ValidateNested() @Type(() => UserView) user: UserView;
  @Matches(wireInstant) expiresAt: string;
}
export class NewSessionView extends SessionView {
  /** For clients that are no browser; a browser has it as a cookie that scripts cannot read. */
  @IsString() token: string;
}
export class TicketView {
  /** For the socket's `auth: { token }`; good once. */
  @IsString() token: string;
  /** The same. */
  @IsString() ticket: string;
  @IsNumber() expiresInS: number;
}

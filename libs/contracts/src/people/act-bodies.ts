import { type ActName, type Disposition, dispositions, type Severity } from '@tocsin/domain';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { IsId, IsInstantText, IsPlainText, IsSlug, MayBeAbsent } from './field-rules.js';

/** What a person may choose; `info` is recorded only and never pages, so nobody opens or re-grades to it. */
export const pagingSeverities = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[];

/** What every act may carry. */
export class ActBody {
  /** The version that the person saw; another one is 409 `stale-version`. */
  @MayBeAbsent() @IsInt() @Min(1) @Max(2_147_483_647) expectedVersion?: number;
  /** Whose word it is: an operator enters what a responder said by radio. */
  @MayBeAbsent() @IsId() onBehalfOf?: string;
  /** When it happened, if not now ("radio said so at 14:02"). */
  @MayBeAbsent() @IsInstantText() occurredAt?: string;
}

export class DeclineBody extends ActBody {
  @MayBeAbsent() @IsPlainText(512) why?: string;
}

export class TransferBody extends ActBody {
  /** The person who gets it. */
  @IsId() to: string;
}

/** Without teams and people: the on-duty members of the routed team. */
export class DispatchBody extends ActBody {
  @MayBeAbsent() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(50) @IsSlug({ each: true }) teams?: string[];
  @MayBeAbsent() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(200) @IsId({ each: true }) people?: string[];
}

export class RegradeBody extends ActBody {
  @IsIn(pagingSeverities) severity: Severity;
}

export class NoteBody extends ActBody {
  @IsPlainText(8_000) text: string;
}

export class ResolveBody extends ActBody {
  @MayBeAbsent() @IsIn(dispositions) disposition?: Disposition;
}

/** Every act a person can do, with the body that its door takes. */
export const actBodies: Readonly<Record<ActName, new () => ActBody>> = {
  acknowledge: ActBody,
  take: ActBody,
  release: ActBody,
  transfer: TransferBody,
  dispatch: DispatchBody,
  recall: ActBody,
  'stand-down': ActBody,
  accept: ActBody,
  decline: DeclineBody,
  'en-route': ActBody,
  'on-scene': ActBody,
  clear: ActBody,
  escalate: ActBody,
  regrade: RegradeBody,
  note: NoteBody,
  resolve: ResolveBody,
  close: ActBody,
  reopen: ActBody,
};
export const actNames = Object.keys(actBodies) as readonly ActName[];

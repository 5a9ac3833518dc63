import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsId, MayBeAbsent } from './field-rules.js';

const base64url = /^[A-Za-z0-9_-]+={0,2}$/;

export class PushKeys {
  /** P-256 point, 65 bytes. */
  @Matches(base64url) @MaxLength(128) p256dh: string;
  /** 16 bytes. */
  @Matches(base64url) @MaxLength(64) auth: string;
}

/** `PushSubscription.toJSON()` of a browser. */
export class PushSubscriptionBody {
  @IsString()
  @MaxLength(2048)
  @Matches(/^https?:\/\/\S+$/, { message: '$property must be the URL of a push service' })
  endpoint: string;
  @IsObject() @ValidateNested() @Type(() => PushKeys) keys: PushKeys;
  /** Browsers send it; push services ignore it. */
  @ValidateIf((_, value) => value !== undefined && value !== null) @IsInt() expirationTime?: number | null;
}

export class PushUnsubscribeBody {
  @IsString() @MaxLength(2048) endpoint: string;
}

/** A service worker's word that a page arrived or was opened. It has no session: the delivery's code is the proof. */
export class ReceiptBody {
  @IsId() deliveryId: string;
  @IsString() @MinLength(1) @MaxLength(256) code: string;
  @MayBeAbsent() @IsIn(['delivered', 'seen']) state?: 'delivered' | 'seen';
  /** The same as `state`, as the console's first service worker says it. */
  @MayBeAbsent() @IsIn(['delivered', 'seen']) what?: 'delivered' | 'seen';
}

/** The one-time code of a delivery acknowledges exactly the incidents which that delivery named. */
export class AcknowledgeCodeBody {
  @IsString() @MinLength(1) @MaxLength(256) code: string;
  @MayBeAbsent() @IsId() deliveryId?: string;
}

import { IsString, MaxLength, MinLength } from 'class-validator';
import { IsPlainText } from './field-rules.js';

export class SignInBody {
  @IsPlainText(128) username: string;
  /** 1 KiB is beyond every password and keeps hashing of a nuisance cheap. */
  @IsString() @MinLength(1) @MaxLength(1024) password: string;
}

import { type Category, type Reality, realities, type Severity, severities } from '@tocsin/domain';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { alertLimits } from './alert-limits.js';
import { IsInstantText, IsLabels, IsSomeText, IsWebAddress } from './alert-rules.js';

const finite = { allowInfinity: false, allowNaN: false };
const oneOf = (words: readonly string[]) => ({ message: `$property must be one of ${words.join(', ')}` });
/** A resolve needs only its key; whatever else it carries must still be of the right type. */
const neededToFire = (item: AlertItem, value: unknown): boolean =>
  item.status !== 'resolved' || (value !== undefined && value !== null);

export class AlertLocation {
  @IsNumber(finite) @Min(-90) @Max(90) lat: number;
  @IsNumber(finite) @Min(-180) @Max(180) lon: number;
  /** Radius in metres. */
  @IsOptional() @IsNumber(finite) @Min(0) @Max(40_000_000) accuracyM?: number;
}

export class AlertLink {
  @IsWebAddress() href: string;
  @IsOptional() @IsString() @MaxLength(alertLimits.linkText) text?: string;
}

/** One alert at `POST /v1/alerts`. Unknown fields are refused: a misspelt `severty` must not page the wrong people in silence. */
export class AlertItem {
  /** The source's own dedup key: one firing episode per key. */
  @IsSomeText(alertLimits.key) key: string;
  @IsOptional() @IsIn(['firing', 'resolved'], oneOf(['firing', 'resolved'])) status?: 'firing' | 'resolved';
  @ValidateIf(neededToFire) @IsSomeText(alertLimits.name) site?: string;
  @IsOptional() @IsSomeText(alertLimits.name) zone?: string;
  @IsOptional()
  @Matches(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, {
    message: '$property must be a word of the unit, such as intrusion or hold-up',
  })
  category?: Category;
  @IsOptional() @IsIn(severities, oneOf(severities)) severity?: Severity;
  @ValidateIf(neededToFire) @IsSomeText(alertLimits.title) title?: string;
  @IsOptional() @IsString() @MaxLength(alertLimits.description) description?: string;
  @IsOptional() @IsInstantText() occurredAt?: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AlertLocation) location?: AlertLocation;
  @IsOptional() @IsLabels() labels?: Record<string, string>;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(alertLimits.links)
  @ValidateNested({ each: true })
  @Type(() => AlertLink)
  links?: AlertLink[];
  @IsOptional() @IsIn(realities, oneOf(realities)) reality?: Reality;
}

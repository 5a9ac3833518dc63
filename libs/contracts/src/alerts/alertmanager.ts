import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsIn, IsInt, IsOptional, IsString, Min, ValidateNested } from 'class-validator';
import { alertLimits } from './alert-limits.js';
import { IsTexts } from './alert-rules.js';

/** Times are taken as given: one that cannot be read counts as absent, because Alertmanager does not send a refused alert again. */
class AlertmanagerAlertBody {
  @IsTexts() labels: Record<string, string>;
  @IsOptional() @IsTexts() annotations?: Record<string, string>;
  @IsOptional() @IsString() startsAt?: string;
  @IsOptional() @IsString() endsAt?: string;
  @IsOptional() @IsString() generatorURL?: string;
}

/** One alert of a webhook message. Fields that are not named here are tolerated. */
export class AlertmanagerAlert extends AlertmanagerAlertBody {
  @IsIn(['firing', 'resolved'], { message: '$property must be firing or resolved' }) status: 'firing' | 'resolved';
  @IsOptional() @IsString() fingerprint?: string;
}

/** `POST /v1/alertmanager`: webhook version "4" of Prometheus Alertmanager (0.34). Its custom `payload:` form lacks the version and is refused. */
export class AlertmanagerMessage {
  @Equals('4', { message: '$property must be "4": this is not a webhook message of Alertmanager' }) version: '4';
  @IsOptional() @IsString() groupKey?: string;
  @IsOptional() @IsInt() @Min(0) truncatedAlerts?: number;
  @IsArray()
  @ArrayMaxSize(alertLimits.alerts)
  @ValidateNested({ each: true })
  @Type(() => AlertmanagerAlert)
  alerts: AlertmanagerAlert[];
}

/** One alert at `POST /api/v2/alerts`, as Prometheus sends it to an Alertmanager. */
export class PostableAlert extends AlertmanagerAlertBody {}

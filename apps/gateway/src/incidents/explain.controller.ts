import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { AlertItem, ExplainBody } from '@tocsin/contracts';
import { parseInstant } from '@tocsin/domain';
import { type Explanation, explainAlert } from '@tocsin/operations';
import { clockNow, draftConfig } from '@tocsin/store';
import { Refused } from '../edge/refused.js';
import { CurrentWho, type Who } from '../edge/session.guard.js';
import { errorsOf, validBody } from '../edge/validated.js';
import { Parts } from '../parts.js';
import { explanationInSight } from './explanation-in-sight.js';

@Controller('v1/explain')
export class ExplainController {
  constructor(private readonly parts: Parts) {}

  /** A dry run under the caller's sight: for a site outside it there is nothing to explain. */
  @Post()
  @HttpCode(200)
  async explain(@Body() given: unknown, @CurrentWho() { sight }: Who): Promise<Explanation> {
    const body = validBody(ExplainBody, given);
    const { source, ...rest } = body.alert as Record<string, unknown> & { source?: unknown };
    // An alert that is only asked about needs neither key nor title.
    const item = { key: 'explained', title: 'explained', ...rest } as AlertItem;
    const errors = errorsOf(AlertItem, item).map(({ path, message }) => ({ path: `alert.${path}`, message }));
    if (source !== undefined && typeof source !== 'string')
      errors.push({ path: 'alert.source', message: 'must be the id of a source' });
    if (errors.length > 0) throw new Refused('invalid', { errors });
    const config =
      body.config === 'draft' ? await draftConfig(this.parts.pool) : await this.parts.context.config.current();
    if (config === null) throw new Refused('not-found', { message: 'There is no draft.' });
    const at = body.at === undefined ? await clockNow(this.parts.pool) : (parseInstant(body.at) as number);
    const whole = explainAlert(config, item, { at, ...(source === undefined ? {} : { source: source as string }) });
    const explanation = explanationInSight(whole, config.document, sight);
    if (explanation === null) throw new Refused('unknown-site');
    return explanation;
  }
}

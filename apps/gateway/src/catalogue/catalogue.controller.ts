import { Controller, Get, Query } from '@nestjs/common';
import { type PersonView, ScheduleQuery, type SiteView, type TeamView, WholeListQuery } from '@tocsin/contracts';
import { type ConfigDocument, instantText, parseInstant } from '@tocsin/domain';
import { clockNow, readActiveAssignments } from '@tocsin/store';
import { CurrentWho, type Who } from '../edge/session.guard.js';
import { validQuery } from '../edge/validated.js';
import { Parts } from '../parts.js';
import { matchInSight, personViews, scheduleViews, siteViews, sourceViews, teamViews } from './views.js';

const whole = <T>(items: readonly T[]) => ({ items, next: null });

/** What the unit is: from the live configuration, cut to what the reader may see. These lists come whole. */
@Controller('v1')
export class CatalogueController {
  constructor(private readonly parts: Parts) {}

  @Get('sites')
  sites(@Query() query: unknown, @CurrentWho() { config, sight }: Who): { items: readonly SiteView[] } {
    validQuery(WholeListQuery, query);
    return whole(siteViews(config, sight));
  }

  @Get('teams')
  async teams(@Query() query: unknown, @CurrentWho() { config, sight }: Who): Promise<{ items: readonly TeamView[] }> {
    validQuery(WholeListQuery, query);
    const [assignments, now] = await Promise.all([
      readActiveAssignments(this.parts.pool, sight),
      clockNow(this.parts.pool),
    ]);
    return whole(teamViews(config, assignments, now));
  }

  @Get('people')
  people(@Query() query: unknown, @CurrentWho() { config }: Who): { items: readonly PersonView[] } {
    validQuery(WholeListQuery, query);
    return whole(personViews(config));
  }

  @Get('schedules')
  async schedules(@Query() query: unknown, @CurrentWho() { config }: Who) {
    const { at } = validQuery(ScheduleQuery, query);
    return whole(
      scheduleViews(config, at === undefined ? await clockNow(this.parts.pool) : (parseInstant(at) as number)),
    );
  }

  @Get('routes')
  routes(@Query() query: unknown, @CurrentWho() { config, sight }: Who) {
    validQuery(WholeListQuery, query);
    return whole(inSight(config.routes, config, sight));
  }

  @Get('policies')
  policies(@Query() query: unknown, @CurrentWho() { config }: Who) {
    validQuery(WholeListQuery, query);
    return whole(config.policies);
  }

  @Get('silences')
  async silences(@Query() query: unknown, @CurrentWho() { config, sight }: Who) {
    validQuery(WholeListQuery, query);
    const now = await clockNow(this.parts.pool);
    const stateOf = ({ from, to }: { from: string; to: string }) =>
      (parseInstant(to) ?? 0) <= now ? 'expired' : (parseInstant(from) ?? 0) <= now ? 'active' : 'pending';
    return {
      ...whole(inSight(config.silences, config, sight).map((silence) => ({ ...silence, state: stateOf(silence) }))),
      at: instantText(now),
    };
  }

  @Get('sources')
  sources(@Query() query: unknown, @CurrentWho() { config, sight }: Who) {
    validQuery(WholeListQuery, query);
    return whole(sourceViews(config, sight));
  }
}

function inSight<T extends { readonly match: ConfigDocument['routes'][number]['match'] }>(
  items: readonly T[],
  config: ConfigDocument,
  sight: Who['sight'],
): T[] {
  return items.flatMap((item) => {
    const match = matchInSight(item.match, config, sight);
    return match === null ? [] : [{ ...item, match }];
  });
}

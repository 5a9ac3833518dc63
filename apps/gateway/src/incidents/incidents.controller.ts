import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  type DeliveryView,
  EventQuery,
  type EventView,
  IncidentQuery,
  type IncidentView,
  type Page,
  uuidPattern,
  WholeListQuery,
} from '@tocsin/contracts';
import { eventView, namesOf } from '@tocsin/operations';
import { type IncidentFilter, listIncidents, readDeliveries, readIncident, readStream } from '@tocsin/store';
import { Refused } from '../edge/refused.js';
import { CurrentWho, type Who } from '../edge/session.guard.js';
import { validQuery } from '../edge/validated.js';
import { Parts } from '../parts.js';

const pageSize = 50;
const eventPageSize = 500;

@Controller('v1/incidents')
export class IncidentsController {
  constructor(private readonly parts: Parts) {}

  @Get()
  async list(@Query() given: unknown, @CurrentWho() { sight }: Who): Promise<Page<IncidentView>> {
    const query = validQuery(IncidentQuery, given);
    const limit = Number(query.limit ?? pageSize);
    const page = {
      filter: filterOf(query),
      afterId: query.after === undefined ? null : idOfCursor(query.after),
      limit: limit + 1,
    };
    const found = await listIncidents(this.parts.pool, sight, page);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? cursorOfId(last.id) : null };
  }

  @Get(':id')
  async one(@Param('id') id: string, @CurrentWho() { sight }: Who): Promise<IncidentView> {
    return found(await readIncident(this.parts.pool, sight, knownForm(id)));
  }

  @Get(':id/events')
  async events(
    @Param('id') id: string,
    @Query() given: unknown,
    @CurrentWho() { sight, config }: Who,
  ): Promise<Page<EventView>> {
    const query = validQuery(EventQuery, given);
    const limit = Number(query.limit ?? eventPageSize);
    const page = { incidentId: knownForm(id), afterSeq: Number(query.afterSeq ?? 0), limit: limit + 1 };
    const events = found(await readStream(this.parts.pool, sight, page));
    const names = namesOf(config);
    const items = events.slice(0, limit).map((event) => eventView(event, names));
    return { items, next: events.length > limit ? String(items.at(-1)?.seq) : null };
  }

  @Get(':id/deliveries')
  async deliveries(
    @Param('id') id: string,
    @Query() given: unknown,
    @CurrentWho() { sight }: Who,
  ): Promise<Page<DeliveryView>> {
    validQuery(WholeListQuery, given);
    return { items: found(await readDeliveries(this.parts.pool, sight, knownForm(id))), next: null };
  }
}

/** What is no UUID cannot be an incident's id; PostgreSQL is not asked. */
export function knownForm(id: string): string {
  if (!uuidPattern.test(id)) throw new Refused('not-found');
  return id.toLowerCase();
}

function found<T>(value: T | null): T {
  if (value === null) throw new Refused('not-found');
  return value;
}

function filterOf(query: IncidentQuery): IncidentFilter {
  const words = (text: string | undefined): readonly string[] | undefined => text?.split(',');
  const given = {
    states: words(query.state),
    sites: query.site === undefined ? undefined : [query.site],
    severities: words(query.severity),
    realities: words(query.reality),
    classes: words(query.class),
    team: query.team,
    owner: query.owner,
    number: query.number,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Opaque to clients; parsed before it reaches SQL. */
function cursorOfId(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function idOfCursor(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== 16 || bytes.toString('base64url') !== cursor) {
    throw new Refused('invalid-query', { errors: [{ path: 'after', message: 'must be the `next` of a page' }] });
  }
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

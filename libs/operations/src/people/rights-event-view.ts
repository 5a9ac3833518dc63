import type { EventView } from '@tocsin/contracts';
import { type ConfigDocument, instantText } from '@tocsin/domain';
import type { ShownEvent } from '@tocsin/store';

/** Person id or source id -> name in English; made once per configuration. */
export type Names = ReadonlyMap<string, string>;

const known = new WeakMap<ConfigDocument, Names>();

export function namesOf(config: ConfigDocument): Names {
  let names = known.get(config);
  if (names === undefined) {
    names = new Map([...config.people, ...config.sources].map(({ id, name }) => [id, name.en]));
    known.set(config, names);
  }
  return names;
}

/** Events carry ids, never names: the name is added where it is shown, from the live configuration. */
export function eventView(event: ShownEvent, names: Names): EventView {
  return {
    incidentId: event.incident ? event.stream : null,
    stream: event.stream,
    seq: event.seq,
    type: event.type,
    at: instantText(event.at),
    occurredAt: event.occurredAt === null ? null : instantText(event.occurredAt),
    actor: { kind: event.actorKind, id: event.actorId, name: names.get(event.actorId) ?? event.actorId },
    onBehalfOf: event.onBehalfOf,
    data: event.data,
    reason: event.reason,
  };
}

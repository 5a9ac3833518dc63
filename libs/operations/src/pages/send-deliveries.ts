import {
  composeMessage,
  type PageIncident,
  type PageKind,
  type PageMessage,
  type Recipient,
  type SendOutcome,
} from '@tocsin/channels';
import { type ConfigDocument, findPerson, indexOf, type Text3 } from '@tocsin/domain';
import type { PageRow } from '@tocsin/store';
import type { ClaimedDelivery, PageContext } from './page-context.js';
import { ackCode } from './page-secrets.js';
import type { SendResult } from './record-result.js';

export interface Sending {
  readonly claimed: ClaimedDelivery;
  /** Of the claim. */
  readonly config: ConfigDocument;
  readonly signal: AbortSignal;
}

/**
 * One attempt of a claimed delivery, to every address of its reach. Never throws: a way that is closed is an outcome.
 * The calls begin before this returns its promise; the caller has made sure that the claim is not too old.
 */
export async function sendDelivery(context: PageContext, { claimed, config, signal }: Sending): Promise<SendResult> {
  const result = { deliveryId: claimed.id, ordinal: claimed.ordinal, incidentIds: claimed.incidentIds };
  const { reach } = claimed;
  if (!reach.ok) return { ...result, outcome: { kind: 'refused-for-good', code: reach.code }, gone: [] };
  // crash-point: send.before-call
  const outcomes = await Promise.all(
    reach.recipients.map(async ({ to, subscriptionId }) => ({
      subscriptionId,
      outcome: await context.channel.send(messageOf(context, config, claimed, to), signal),
    })),
  );
  // crash-point: send.after-call
  const gone = outcomes.flatMap(({ subscriptionId: id, outcome }) =>
    id !== undefined && outcome.kind === 'refused-for-good' && outcome.gone ? [{ id, code: outcome.code }] : [],
  );
  return { ...result, outcome: bestOf(outcomes.map(({ outcome }) => outcome)), gone };
}

const worth: readonly SendOutcome['kind'][] = ['accepted', 'unknown', 'try-later', 'refused-for-good'];

/** Of several phones one that took it is enough; else the most hopeful outcome stands for all. */
function bestOf(outcomes: readonly SendOutcome[]): SendOutcome {
  const best = [...outcomes].sort((a, b) => worth.indexOf(a.kind) - worth.indexOf(b.kind))[0];
  return best ?? { kind: 'refused-for-good', code: 'no-subscription' };
}

/** The words of a delivery in its reader's language; software is written to in English. */
export function messageOf(
  context: Pick<PageContext, 'publicUrl' | 'ackKey'>,
  config: ConfigDocument,
  claimed: ClaimedDelivery,
  to: Recipient,
): PageMessage {
  const isPerson = claimed.target.kind === 'person';
  const language = (isPerson ? findPerson(config, claimed.target.id)?.language : undefined) ?? 'en';
  const [only, second] = claimed.incidents;
  return composeMessage({
    deliveryId: claimed.id,
    language,
    incidents: claimed.incidents.map(({ incident, number }) => {
      const site = incident.site === null ? undefined : indexOf(config).sites.get(incident.site);
      return {
        id: incident.id,
        number,
        severity: incident.severity,
        site: site ? { code: site.code, name: textIn(site.name, language) } : null,
        title: incident.title,
        openedAt: incident.openedAt,
        reality: incident.reality,
        ...kindOf(claimed.pages.filter(({ incident_id }) => incident_id === incident.id)),
      };
    }),
    timeZone: config.agency.timeZone,
    // Also a notice carries it: its receipt needs the code.
    ...(isPerson ? { ackCode: ackCode(context.ackKey, claimed.id) } : {}),
    url: only && !second ? `${context.publicUrl}/?incident=${only.incident.id}` : `${context.publicUrl}/`,
    to,
  });
}

/** A dispatch says more than a page, and a page more than a notice. */
function kindOf(pages: readonly PageRow[]): Pick<PageIncident, 'kind' | 'notice'> {
  const by = (kind: PageKind) => pages.find((page) => page.kind === kind);
  const page = by('response') ?? by('page') ?? by('notice');
  return { kind: page?.kind ?? 'page', ...(page?.notice ? { notice: page.notice } : {}) };
}

function textIn(text: Text3, language: 'en' | 'ur' | 'zh'): string {
  return text[language] ?? text.en;
}
